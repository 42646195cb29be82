using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// Writes that a follower forwards, as bytes, version 2: version byte, then for each its marks, who asks if not the same
/// as for the one before, its session, its number, its kind, and what its kind needs.
/// </summary>
internal static class RequestCodec
{
    internal const byte Version = 2;
    internal const byte SameAsBefore = 0;
    internal const byte Others = 1;

    /// <summary>Beside either of these: the session is known to the follower only.</summary>
    internal const byte Local = 2;

    private const byte CreateKind = 1;
    private const byte DeleteKind = 2;
    private const byte SetDataKind = 3;
    private const byte CheckKind = 4;
    private const byte MultiKind = 5;
    private const byte SyncKind = 6;
    private const byte OpenSessionKind = 7;
    private const byte CloseSessionKind = 8;
    private const byte ReattachSessionKind = 9;
    private const byte SetAclKind = 10;
    private const byte ReconfigureKind = 11;
    private const byte TransferLeadershipKind = 12;

    /// <summary>
    /// The requests, in order, each made into what the caller keeps by (session, number, request, who, local).
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes make no sense.</exception>
    public static List<T> Decode<T>(ReadOnlySpan<byte> bytes, Func<long, long, WriteRequest, Identities, bool, T> make)
    {
        var reader = new ByteReader(bytes, "list of requests");
        if (reader.Byte() is var version && version != Version)
            throw reader.Fault($"its format is version {version}, this program knows {Version}");
        var requests = new List<T>();
        var who = Identities.None;
        while (reader.Remaining > 0)
        {
            var mark = reader.Byte();
            if (mark > (Others | Local))
                throw reader.Fault($"a request has the unknown mark {mark}");
            if ((mark & Others) != 0)
                who = ReadIdentities(ref reader);
            requests.Add(make(
                reader.Int64(), reader.Int64(), Read(ref reader, reader.Byte(), inMulti: false), who,
                (mark & Local) != 0));
        }

        return requests;
    }

    internal static void Write(ByteWriter writer, Identities who)
    {
        writer.Count(who.All.Length);
        foreach (ref readonly var identity in who.All)
        {
            writer.String(identity.Scheme);
            writer.String(identity.Id);
        }
    }

    internal static void Write(ByteWriter writer, WriteRequest request)
    {
        switch (request)
        {
            case Create create:
                writer.Byte(CreateKind);
                writer.String(create.Path);
                writer.Bytes(create.Data);
                AclCodec.Write(writer, create.Acl);
                writer.Signed((int)create.Mode);
                writer.Signed(create.TimeToLiveMs);
                break;
            case Delete delete:
                writer.Byte(DeleteKind);
                writer.String(delete.Path);
                writer.Signed(delete.Version);
                break;
            case SetData set:
                writer.Byte(SetDataKind);
                writer.String(set.Path);
                writer.Bytes(set.Data);
                writer.Signed(set.Version);
                break;
            case SetAcl set:
                writer.Byte(SetAclKind);
                writer.String(set.Path);
                AclCodec.Write(writer, set.Acl);
                writer.Signed(set.Version);
                break;
            case Check check:
                writer.Byte(CheckKind);
                writer.String(check.Path);
                writer.Signed(check.Version);
                break;
            case Multi multi:
                WriteMulti(writer, multi);
                break;
            case Sync sync:
                writer.Byte(SyncKind);
                writer.String(sync.Path);
                break;
            case Reconfigure reconfigure:
                writer.Byte(ReconfigureKind);
                writer.String(reconfigure.Joining);
                writer.String(reconfigure.Leaving);
                writer.String(reconfigure.NewMembers);
                writer.Signed(reconfigure.FromVersion);
                break;
            case TransferLeadership transfer:
                writer.Byte(TransferLeadershipKind);
                writer.Signed(transfer.To);
                break;
            case CloseSession:
                writer.Byte(CloseSessionKind);
                break;
            case OpenSession open:
                writer.Byte(OpenSessionKind);
                WriteSession(writer, open.SessionId, open.Secret, open.TimeoutMs);
                break;
            case ReattachSession reattach:
                writer.Byte(ReattachSessionKind);
                WriteSession(writer, reattach.SessionId, reattach.Secret, reattach.TimeoutMs);
                break;
            default:
                throw new ArgumentException($"There is no format for a {request.GetType().Name}.");
        }
    }

    // What may not stand in a multi travels as an empty multi, which is refused in the same way; so nothing nests.
    private static void WriteMulti(ByteWriter writer, Multi multi)
    {
        writer.Byte(MultiKind);
        writer.Count(multi.Operations.Count);
        for (var i = 0; i < multi.Operations.Count; i++)
        {
            if (multi.Operations[i] is Create or Delete or SetData or Check)
                Write(writer, multi.Operations[i]);
            else
                writer.Byte(MultiKind);
        }
    }

    private static void WriteSession(ByteWriter writer, long sessionId, byte[] secret, int timeoutMs)
    {
        writer.Int64(sessionId);
        writer.Bytes(secret);
        writer.Signed(timeoutMs);
    }

    private static WriteRequest Read(ref ByteReader reader, byte kind, bool inMulti) => kind switch
    {
        CreateKind => new Create(
            reader.String()!, reader.Bytes(), AclCodec.Read(ref reader), (CreateMode)(int)reader.Signed())
        {
            TimeToLiveMs = reader.Signed(),
        },
        DeleteKind => new Delete(reader.String()!, (int)reader.Signed()),
        SetDataKind => new SetData(reader.String()!, reader.Bytes(), (int)reader.Signed()),
        CheckKind => new Check(reader.String()!, (int)reader.Signed()),
        MultiKind => inMulti ? new Multi([]) : ReadMulti(ref reader),
        SetAclKind when !inMulti => new SetAcl(reader.String()!, AclCodec.Read(ref reader), (int)reader.Signed()),
        SyncKind when !inMulti => new Sync(reader.String()!),
        CloseSessionKind when !inMulti => new CloseSession(),
        ReconfigureKind when !inMulti =>
            new Reconfigure(reader.String(), reader.String(), reader.String(), reader.Signed()),
        TransferLeadershipKind when !inMulti => new TransferLeadership((int)reader.Signed()),
        OpenSessionKind when !inMulti => new OpenSession(reader.Int64(), reader.BytesNotNull(), (int)reader.Signed()),
        ReattachSessionKind when !inMulti =>
            new ReattachSession(reader.Int64(), reader.BytesNotNull(), (int)reader.Signed()),
        _ => throw reader.Fault($"a request is of the unknown kind {kind}"),
    };

    private static Identities ReadIdentities(ref ByteReader reader)
    {
        var identities = new Identity[reader.Count()];
        for (var i = 0; i < identities.Length; i++)
            identities[i] = new Identity(reader.StringNotNull(), reader.StringNotNull());
        return Identities.Of(identities);
    }

    private static Multi ReadMulti(ref ByteReader reader)
    {
        var operations = new WriteRequest[reader.Count()];
        for (var i = 0; i < operations.Length; i++)
            operations[i] = Read(ref reader, reader.Byte(), inMulti: true);
        return new Multi(operations);
    }
}

/// <summary>
/// Gathers forwarded writes into the bytes of <see cref="RequestCodec"/>. For one owner on one thread.
/// </summary>
internal sealed class RequestEncoder
{
    private readonly ByteWriter writer = new(16 * 1024);
    private Identities before = Identities.None;

    /// <summary>How many requests were added since the last list.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes they take.</summary>
    public int Length => writer.Length;

    /// <param name="sessionId">The session.</param>
    /// <param name="requestId">The number of its request.</param>
    /// <param name="request">The request.</param>
    /// <param name="who">The connection that asks; null for nobody in particular.</param>
    /// <param name="local">Whether the session is known to this server only.</param>
    public void Add(
        long sessionId, long requestId, WriteRequest request, Identities? who = null, bool local = false)
    {
        who ??= Identities.None;
        var mark = local ? RequestCodec.Local : (byte)0;
        if (Count++ == 0)
        {
            writer.Byte(RequestCodec.Version);
            before = Identities.None;
        }

        // Many connections come from one address and say nothing else of themselves.
        if (ReferenceEquals(who, before) || who.All.SequenceEqual(before.All))
        {
            writer.Byte((byte)(mark | RequestCodec.SameAsBefore));
        }
        else
        {
            writer.Byte((byte)(mark | RequestCodec.Others));
            RequestCodec.Write(writer, who);
            before = who;
        }

        writer.Int64(sessionId);
        writer.Int64(requestId);
        RequestCodec.Write(writer, request);
    }

    /// <summary>The bytes of what was added since the last list; there must be something.</summary>
    public byte[] Finish()
    {
        if (Count == 0)
            throw new InvalidOperationException("There is no list without a request.");
        var bytes = writer.ToArray();
        writer.Clear();
        Count = 0;
        return bytes;
    }
}
