using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Answers of the leader that are no transactions, as bytes, version 1: version byte, then for each its session, the
/// request's number, the zxid that it waits for, its kind, and what its kind needs.
/// </summary>
internal static class AnswerCodec
{
    internal const byte Version = 1;

    private const byte ErrorKind = 1;
    private const byte DoneKind = 2;
    private const byte SyncKind = 3;
    private const byte MultiKind = 4;
    private const byte SessionKind = 5;

    /// <summary>
    /// The answers, in order, each made into what the caller keeps by (session, number, after, reply).
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes make no sense.</exception>
    public static List<T> Decode<T>(ReadOnlySpan<byte> bytes, Func<long, long, long, Reply, T> make)
    {
        var reader = new ByteReader(bytes, "list of answers");
        if (reader.Byte() is var version && version != Version)
            throw reader.Fault($"its format is version {version}, this program knows {Version}");
        var answers = new List<T>();
        while (reader.Remaining > 0)
            answers.Add(make(reader.Int64(), reader.Int64(), reader.Int64(), Read(ref reader, inMulti: false)));
        return answers;
    }

    internal static void Write(ByteWriter writer, Reply reply)
    {
        switch (reply)
        {
            case ErrorReply error:
                writer.Byte(ErrorKind);
                writer.Signed((int)error.Error);
                break;
            case DoneReply:
                writer.Byte(DoneKind);
                break;
            case SyncReply sync:
                writer.Byte(SyncKind);
                writer.String(sync.Path);
                break;
            case MultiReply multi:
                writer.Byte(MultiKind);
                writer.Signed((int)multi.Error);
                writer.Count(multi.Results.Count);
                for (var i = 0; i < multi.Results.Count; i++)
                    Write(writer, multi.Results[i]);
                break;
            case SessionReply session:
                writer.Byte(SessionKind);
                writer.Int64(session.SessionId);
                writer.Bytes(session.Secret);
                writer.Signed(session.TimeoutMs);
                break;
            default:
                throw new ArgumentException($"The leader never answers with a {reply.GetType().Name}.");
        }
    }

    private static Reply Read(ref ByteReader reader, bool inMulti)
    {
        var kind = reader.Byte();
        return kind switch
        {
            ErrorKind => new ErrorReply((ZabError)(int)reader.Signed()),
            DoneKind => DoneReply.Instance,
            SyncKind => new SyncReply(reader.String()!),
            MultiKind when !inMulti => ReadMulti(ref reader),
            SessionKind => new SessionReply(reader.Int64(), reader.BytesNotNull(), (int)reader.Signed()),
            _ => throw reader.Fault($"an answer is of the unknown kind {kind}"),
        };
    }

    private static MultiReply ReadMulti(ref ByteReader reader)
    {
        var error = (ZabError)(int)reader.Signed();
        var results = new Reply[reader.Count()];
        for (var i = 0; i < results.Length; i++)
            results[i] = Read(ref reader, inMulti: true);
        return new MultiReply(results, error);
    }
}

/// <summary>Gathers answers into the bytes of <see cref="AnswerCodec"/>. For one owner on one thread.</summary>
internal sealed class AnswerEncoder
{
    private readonly ByteWriter writer = new(1024);

    /// <summary>How many answers were added since the last list.</summary>
    public int Count { get; private set; }

    /// <param name="sessionId">The session.</param>
    /// <param name="requestId">The number of its request.</param>
    /// <param name="after">The last transaction that the request was judged against.</param>
    /// <param name="reply">An error, a failed multi, or the answer to a sync or a reattachment.</param>
    public void Add(long sessionId, long requestId, long after, Reply reply)
    {
        if (Count++ == 0)
            writer.Byte(AnswerCodec.Version);
        writer.Int64(sessionId);
        writer.Int64(requestId);
        writer.Int64(after);
        AnswerCodec.Write(writer, reply);
    }

    /// <summary>The bytes of what was added since the last list; there must be something.</summary>
    public byte[] Finish()
    {
        if (Count == 0)
            throw new InvalidOperationException("There is no list without an answer.");
        var bytes = writer.ToArray();
        writer.Clear();
        Count = 0;
        return bytes;
    }
}
