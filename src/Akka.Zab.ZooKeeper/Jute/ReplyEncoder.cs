using System.Text;
using Akka.Zab.Client;

namespace Akka.Zab.ZooKeeper.Jute;

/// <summary>What becomes of the connection after a reply.</summary>
internal enum AfterReply
{
    GoOn,
    Close,
}

/// <summary>Turns the outputs of a session into frames.</summary>
internal static class ReplyEncoder
{
    const int Header = 16;
    const int MultiHeader = 9;
    const int EventXid = -1;
    const int PingXid = -2;
    const int SyncConnected = 3;

    /// <summary>Writes an event, or a reply with the next of <paramref name="shapes"/>.</summary>
    public static AfterReply Encode(ref JuteWriter writer, in ClientOutput output, PendingShapes shapes)
    {
        if (output.Content is WatchEvent happened)
        {
            Event(ref writer, happened);
            return AfterReply.GoOn;
        }

        var shape = shapes.Take();
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

        if (output.Content is ErrorReply error) Bare(ref writer, output.Xid, output.Zxid, error.Error);
        else WithBody(ref writer, output, shape);
        return AfterReply.GoOn;
    }

    static ZabError ErrorOf(IZabMessage reply) => reply is ErrorReply error ? error.Error : ZabError.Ok;

    static void Event(ref JuteWriter writer, WatchEvent happened)
    {
        writer.Begin(Header + 8 + JuteWriter.MaxSize(happened.Path));
        writer.ReplyHeader(EventXid, happened.Zxid, ZabError.Ok);
        writer.Int((int)happened.Type);
        writer.Int(SyncConnected);
        writer.String(happened.Path);
        writer.End();
    }

    static void Bare(ref JuteWriter writer, int xid, long zxid, ZabError error)
    {
        writer.Begin(Header);
        writer.ReplyHeader(xid, zxid, error);
        writer.End();
    }

    static void WithBody(ref JuteWriter writer, in ClientOutput output, ReplyShape shape)
    {
        writer.Begin(Header + BodySize(output.Content));
        writer.ReplyHeader(output.Xid, output.Zxid, ZabError.Ok);
        switch (output.Content)
        {
            case DataReply data when shape == ReplyShape.Data:
                writer.Buffer(data.Data);
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
                writer.Int(children.Names.Count);
                foreach (var name in Names(children)) writer.String(name);
                if (shape == ReplyShape.ChildrenAndStat) writer.Stat(children.Stat);
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
                writer.Int(paths.Paths.Count);
                foreach (var path in paths.Paths) writer.String(path);
                break;
            case DoneReply when shape == ReplyShape.Zero:
                writer.Int(0);
                break;
            case DoneReply when shape == ReplyShape.Bare:
                break;
            default:
                throw Mismatch(output.Content, shape.ToString());
        }
        writer.End();
    }

    static int BodySize(IZabMessage reply) => reply switch
    {
        DataReply data => JuteWriter.Size(data.Data) + JuteWriter.StatSize,
        StatReply => JuteWriter.StatSize,
        CreatedReply created => JuteWriter.MaxSize(created.Path) + JuteWriter.StatSize,
        ChildrenReply children => NamesSize(children) + JuteWriter.StatSize,
        AclReply acl => AclSize(acl.Acl) + JuteWriter.StatSize,
        WhoAmIReply who => IdentitiesSize(who.Identities),
        SyncReply sync => JuteWriter.MaxSize(sync.Path),
        PathsReply paths => PathsSize(paths.Paths),
        CountReply => sizeof(int),
        DoneReply => sizeof(int),
        _ => 0,
    };

    static int NamesSize(ChildrenReply children)
    {
        var size = sizeof(int);
        foreach (var name in Names(children)) size += sizeof(int) + Encoding.UTF8.GetByteCount(name);
        return size;
    }

    static int PathsSize(IReadOnlyList<string> paths)
    {
        var size = sizeof(int);
        foreach (var path in paths) size += JuteWriter.MaxSize(path);
        return size;
    }

    static int AclSize(IReadOnlyList<Acl> acl)
    {
        var size = sizeof(int);
        foreach (var entry in acl)
            size += sizeof(int) + JuteWriter.MaxSize(entry.Scheme) + JuteWriter.MaxSize(entry.Id);
        return size;
    }

    static int IdentitiesSize(IReadOnlyList<Identity> identities)
    {
        var size = sizeof(int);
        foreach (var identity in identities)
            size += JuteWriter.MaxSize(identity.Scheme) + JuteWriter.MaxSize(identity.Id);
        return size;
    }

    // Lists of children are long: walk them as arrays where they are arrays.
    static ReadOnlySpan<string> Names(ChildrenReply children)
        => children.Names as string[] ?? children.Names.ToArray();

    // A multi that failed has error 0 in its header; what failed is in the results.
    static void Multi(ref JuteWriter writer, in ClientOutput output, PendingShapes shapes)
    {
        var count = shapes.TakeCount();
        if (output.Content is not MultiReply multi)
        {
            for (var i = 0; i < count; i++) shapes.TakeType();
            if (output.Content is not ErrorReply error) throw Mismatch(output.Content, nameof(ReplyShape.Multi));
            Bare(ref writer, output.Xid, output.Zxid, error.Error);
            return;
        }

        var results = multi.Results;
        if (results.Count != count) throw Mismatch(multi, $"{nameof(ReplyShape.Multi)} of {count} operations");
        var size = Header + MultiHeader;
        for (var i = 0; i < count; i++)
            size += MultiHeader + (results[i] is ErrorReply ? sizeof(int) : BodySize(results[i]));

        writer.Begin(size);
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
        switch (result)
        {
            case DataReply data when type == OpCode.GetData:
                writer.Buffer(data.Data);
                writer.Stat(data.Stat);
                break;
            case ChildrenReply children when type == OpCode.GetChildren:
                writer.Int(children.Names.Count);
                foreach (var name in Names(children)) writer.String(name);
                break;
            case StatReply stat when type == OpCode.SetData:
                writer.Stat(stat.Stat);
                break;
            case CreatedReply created when type is OpCode.Create or OpCode.Create2:
                writer.String(created.Path);
                if (type == OpCode.Create2) writer.Stat(created.Stat);
                break;
            case DoneReply when type is OpCode.Delete or OpCode.Check:
                break;
            default:
                throw Mismatch(result, type.ToString());
        }
    }

    static InvalidOperationException Mismatch(IZabMessage content, string expected)
        => new($"A {content.GetType().Name} answers a request whose reply is {expected}.");
}
