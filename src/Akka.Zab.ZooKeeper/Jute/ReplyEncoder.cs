using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.ZooKeeper.Jute;

/// <summary>What becomes of the connection after a reply.</summary>
internal enum AfterReply
{
    GoOn,
    Close,
}

/// <summary>Turns the outputs of a session into frames.</summary>
/// <param name="maxReply">
/// The longest reply to a read, in bytes; in the place of a longer one there is an error. What a write has done is told
/// at any length.
/// </param>
/// <param name="refusals">Counts the replies that were too long.</param>
internal sealed class ReplyEncoder(int maxReply = int.MaxValue, Connections.Refusals? refusals = null)
{
    const int EventXid = -1;
    const int PingXid = -2;
    const int SyncConnected = 3;

    /// <summary>Writes an event, or a reply with the next of <paramref name="shapes"/>.</summary>
    public AfterReply Encode(ref JuteWriter writer, in ClientOutput output, PendingShapes shapes)
    {
        if (output.Content is WatchEvent happened)
        {
            Event(ref writer, happened);
            return AfterReply.GoOn;
        }

        var shape = shapes.Take();
        if (shape == ReplyShape.Token) return Token(ref writer, output);
        if (output.Content is ErrorReply { Error: ZabError.SessionClosedRequireAuth })
        {
            Bare(ref writer, shape == ReplyShape.Ping ? PingXid : output.Xid, 0, ZabError.SessionClosedRequireAuth);
            return AfterReply.Close;
        }
        switch (shape)
        {
            case ReplyShape.Ping:
                Bare(ref writer, PingXid, output.Zxid, ErrorOf(output.Content));
                return AfterReply.GoOn;
            case ReplyShape.Multi:
                Multi(ref writer, output, shapes);
                return AfterReply.GoOn;
            case ReplyShape.Auth:
                var refusal = ErrorOf(output.Content);
                Bare(ref writer, output.Xid, 0, refusal);
                return refusal == ZabError.Ok ? AfterReply.GoOn : AfterReply.Close;
            case ReplyShape.Close:
                Bare(ref writer, output.Xid, output.Zxid, ErrorOf(output.Content));
                return AfterReply.Close;
            case ReplyShape.UnknownOperation:
                Bare(ref writer, output.Xid, -1, ErrorOf(output.Content));
                return AfterReply.Close;
        }

        if (output.Content is ErrorReply error)
        {
            Bare(ref writer, output.Xid, output.Zxid, error.Error);
            return AfterReply.GoOn;
        }
        var size = ReplySize.Header + ReplySize.OfBody(output.Content);
        if (size > maxReply && IsOfRead(output.Content))
        {
            TooLong(ref writer, output);
            return AfterReply.GoOn;
        }
        writer.Begin(size);
        writer.ReplyHeader(output.Xid, output.Zxid, ZabError.Ok);
        Body(ref writer, output.Content, shape);
        writer.End();
        return AfterReply.GoOn;
    }

    static ZabError ErrorOf(IZabMessage reply) => reply is ErrorReply error ? error.Error : ZabError.Ok;

    static bool IsOfRead(IZabMessage reply) => reply is DataReply or ChildrenReply or ChildrenPageReply or PathsReply or AclReply;

    static void Event(ref JuteWriter writer, WatchEvent happened)
    {
        writer.Begin(ReplySize.Header + 8 + JuteWriter.MaxSize(happened.Path));
        writer.ReplyHeader(EventXid, happened.Zxid, ZabError.Ok);
        writer.Int((int)happened.Type);
        writer.Int(SyncConnected);
        writer.String(happened.Path);
        writer.End();
    }

    static void Bare(ref JuteWriter writer, int xid, long zxid, ZabError error)
    {
        writer.Begin(ReplySize.Header);
        writer.ReplyHeader(xid, zxid, error);
        writer.End();
    }

    // Even a refusal has a body.
    static AfterReply Token(ref JuteWriter writer, in ClientOutput output)
    {
        var token = (output.Content as SaslReply)?.Token;
        var refusal = ErrorOf(output.Content);
        writer.Begin(ReplySize.Header + JuteWriter.Size(token));
        writer.ReplyHeader(output.Xid, 0, refusal);
        writer.Buffer(token);
        writer.End();
        return refusal == ZabError.Ok ? AfterReply.GoOn : AfterReply.Close;
    }

    void TooLong(ref JuteWriter writer, in ClientOutput output)
    {
        if (refusals is not null) Interlocked.Increment(ref refusals.LongReplies);
        Bare(ref writer, output.Xid, output.Zxid, ZabError.MarshallingError);
    }

    static void Body(ref JuteWriter writer, IZabMessage content, ReplyShape shape)
    {
        switch (content)
        {
            case DataReply data when shape == ReplyShape.Data:
                writer.Buffer(data.HasData, data.InPlace);
                writer.Stat(data.Stat);
                break;
            case StatReply stat when shape == ReplyShape.Stat:
                writer.Stat(stat.Stat);
                break;
            case CreatedReply created when shape is ReplyShape.Path or ReplyShape.PathAndStat:
                writer.String(created.Path);
                if (shape == ReplyShape.PathAndStat) writer.Stat(created.Stat);
                break;
            case ChildrenReply children when shape is ReplyShape.Children or ReplyShape.ChildrenAndStat:
                Names(ref writer, children.Names);
                if (shape == ReplyShape.ChildrenAndStat) writer.Stat(children.Stat);
                break;
            case ChildrenPageReply page when shape == ReplyShape.ChildrenPage:
                Names(ref writer, page.Names);
                writer.Stat(page.Stat);
                writer.Bool(page.More);
                break;
            case AclReply acl when shape == ReplyShape.Acl:
                writer.Int(acl.Acl.Count);
                foreach (var entry in acl.Acl)
                {
                    writer.Int((int)entry.Permissions);
                    writer.String(entry.Scheme);
                    writer.String(entry.Id);
                }
                writer.Stat(acl.Stat);
                break;
            case WhoAmIReply who when shape == ReplyShape.Identities:
                writer.Int(who.Identities.Count);
                foreach (var identity in who.Identities)
                {
                    writer.String(identity.Scheme);
                    writer.String(identity.Id);
                }
                break;
            case SyncReply sync when shape == ReplyShape.Path:
                writer.String(sync.Path);
                break;
            case CountReply count when shape == ReplyShape.Count:
                writer.Int(count.Count);
                break;
            case PathsReply paths when shape == ReplyShape.Paths:
                Names(ref writer, paths.Paths);
                break;
            case DoneReply when shape == ReplyShape.Zero:
                writer.Int(0);
                break;
            case DoneReply when shape == ReplyShape.Bare:
                break;
            default:
                throw Mismatch(content, shape.ToString());
        }
    }

    // A long list of children is still in the tree's own form: it is never made into strings.
    static void Names(ref JuteWriter writer, IReadOnlyList<string> names)
    {
        writer.Int(names.Count);
        if (names is ChildNames inTree)
        {
            foreach (ref readonly var child in inTree) writer.Utf8(child.Head.Name);
            return;
        }
        foreach (var name in ReplySize.Strings(names)) writer.String(name);
    }

    // A multi that failed has error 0 in its header; what failed is in the results.
    void Multi(ref JuteWriter writer, in ClientOutput output, PendingShapes shapes)
    {
        var count = shapes.TakeCount();
        if (output.Content is not MultiReply multi)
        {
            shapes.SkipTypes(count);
            if (output.Content is not ErrorReply error) throw Mismatch(output.Content, nameof(ReplyShape.Multi));
            Bare(ref writer, output.Xid, output.Zxid, error.Error);
            return;
        }

        var results = multi.Results;
        if (results.Count != count) throw Mismatch(multi, $"{nameof(ReplyShape.Multi)} of {count} operations");
        var size = ReplySize.OfMulti(multi, out var reads);
        if (size > maxReply && reads)
        {
            shapes.SkipTypes(count);
            TooLong(ref writer, output);
            return;
        }
        writer.Begin(checked((int)size));
        writer.ReplyHeader(output.Xid, output.Zxid, ZabError.Ok);
        for (var i = 0; i < count; i++) Result(ref writer, results[i], shapes.TakeType());
        writer.MultiHeader((int)OpCode.Error, true, -1);
        writer.End();
    }

    static void Result(ref JuteWriter writer, Reply result, OpCode type)
    {
        if (result is ErrorReply error)
        {
            writer.MultiHeader((int)OpCode.Error, false, (int)error.Error);
            writer.Int((int)error.Error);
            return;
        }
        writer.MultiHeader((int)type, false, 0);
        Body(ref writer, result, ReplyShapes.Of(type));
    }

    static InvalidOperationException Mismatch(IZabMessage content, string expected)
        => new($"A {content.GetType().Name} answers a request whose reply is {expected}.");
}
