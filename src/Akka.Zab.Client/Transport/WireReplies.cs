using Akka.Zab.Client.Jute;

namespace Akka.Zab.Client.Transport;

/// <summary>Replies and events as ZooKeeper's protocol lays them out.</summary>
internal static class WireReplies
{
    /// <summary>The header of a reply or an event.</summary>
    public readonly record struct Header(int Xid, long Zxid, ZabError Error);

    /// <summary>The answer to the handshake: a session, or null if the session is not, or no longer, valid.</summary>
    /// <param name="frame">The answer.</param>
    /// <param name="extended">Whether the server has our extensions of the protocol.</param>
    /// <param name="malformed">Whether it is no answer.</param>
    public static (long SessionId, byte[] Secret, int TimeoutMs, bool ReadOnly)? Handshake(
        ReadOnlySpan<byte> frame, out bool extended, out bool malformed)
    {
        var reader = new JuteReader(frame);
        extended = reader.ReadInt() == Extensions.Version;
        var timeout = reader.ReadInt();
        var session = reader.ReadLong();
        var secret = reader.ReadBuffer() ?? [];
        malformed = reader.Malformed;
        return malformed || timeout <= 0 ? null : (session, secret, timeout, reader.Remaining > 0 && reader.ReadBool());
    }

    /// <summary>Reads the header; what follows in <paramref name="reader"/> is the body.</summary>
    public static Header ReadHeader(ref JuteReader reader) =>
        new(reader.ReadInt(), reader.ReadLong(), (ZabError)reader.ReadInt());

    /// <summary>The body of an event.</summary>
    public static WatchEvent Event(ref JuteReader body, long zxid)
    {
        var type = (WatchEventType)body.ReadInt();
        body.ReadInt(); // the state, which a server always gives as connected
        return new WatchEvent(type, body.ReadRequiredString(), zxid);
    }

    /// <summary>The answer to a request.</summary>
    public static Reply Read(ref JuteReader body, Request request, ZabError error)
    {
        if (error != ZabError.Ok) return new ErrorReply(error);
        switch (request)
        {
            case GetData or Reconfigure:
                return new DataReply(body.ReadBuffer(), Stat(ref body));
            case Exists or SetData or SetAcl:
                return new StatReply(Stat(ref body));
            case GetChildren:
                return Children(ref body, withStat: true);
            case Create:
                return new CreatedReply(body.ReadRequiredString(), Stat(ref body));
            case GetAcl:
                return new AclReply(Acl(ref body), Stat(ref body));
            case Multi multi:
                return Results(ref body, multi.Operations.Count);
            case MultiRead multi:
                return Results(ref body, multi.Operations.Count) with { Error = ZabError.Ok };
            case Sync:
                return new SyncReply(body.ReadRequiredString());
            case GetEphemerals:
                var paths = body.ReadStrings();
                Array.Sort(paths, StringComparer.Ordinal);
                return new PathsReply(paths);
            case GetChildrenPage:
                return new ChildrenPageReply(body.ReadStrings(), Stat(ref body), body.ReadBool());
            case GetAllChildrenNumber:
                return new CountReply(body.ReadInt());
            case SaslLogin:
                return new SaslReply(body.ReadBuffer());
            case WhoAmI:
                return new WhoAmIReply(Identities(ref body));
            default:
                return DoneReply.Instance;
        }
    }

    private static MultiReply Results(ref JuteReader body, int count)
    {
        var results = new List<Reply>(count);
        var first = ZabError.Ok;
        while (!body.Malformed)
        {
            var type = (OpCode)body.ReadInt();
            var done = body.ReadBool();
            body.ReadInt();
            if (done || body.Malformed) break;
            Reply result;
            switch (type)
            {
                case OpCode.Error:
                    var error = (ZabError)body.ReadInt();
                    if (first == ZabError.Ok && error != ZabError.RuntimeInconsistency) first = error;
                    result = new ErrorReply(error);
                    break;
                case OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl:
                    result = new CreatedReply(body.ReadRequiredString(), Stat(ref body));
                    break;
                case OpCode.Create: // servers before 3.9 leave the stat out
                    result = new CreatedReply(body.ReadRequiredString(), default);
                    break;
                case OpCode.SetData:
                    result = new StatReply(Stat(ref body));
                    break;
                case OpCode.GetData:
                    result = new DataReply(body.ReadBuffer(), Stat(ref body));
                    break;
                case OpCode.GetChildren:
                    result = Children(ref body, withStat: false);
                    break;
                default:
                    result = DoneReply.Instance;
                    break;
            }
            results.Add(result);
        }
        return new MultiReply(results.ToArray(), first);
    }

    private static ChildrenReply Children(ref JuteReader body, bool withStat)
    {
        var names = body.ReadStrings();
        Array.Sort(names, StringComparer.Ordinal);
        return new ChildrenReply(names, withStat ? Stat(ref body) : default);
    }

    private static Acl[] Acl(ref JuteReader body)
    {
        var acl = new Acl[body.ReadCount(smallest: 12)];
        for (var i = 0; i < acl.Length; i++)
            acl[i] = new Acl((Permissions)body.ReadInt(), body.ReadString() ?? "", body.ReadString() ?? "");
        return acl;
    }

    private static Identity[] Identities(ref JuteReader body)
    {
        var identities = new Identity[body.ReadCount(smallest: 8)];
        for (var i = 0; i < identities.Length; i++)
            identities[i] = new Identity(body.ReadString() ?? "", body.ReadString() ?? "");
        return identities;
    }

    // The order of evaluation of the arguments is the order of the fields.
    private static Stat Stat(ref JuteReader body) => new(
        CreatedZxid: body.ReadLong(), ModifiedZxid: body.ReadLong(),
        CreatedTime: body.ReadLong(), ModifiedTime: body.ReadLong(),
        Version: body.ReadInt(), ChildrenVersion: body.ReadInt(), AclVersion: body.ReadInt(),
        EphemeralOwner: body.ReadLong(), DataLength: body.ReadInt(), ChildCount: body.ReadInt(),
        ChildrenZxid: body.ReadLong());
}
