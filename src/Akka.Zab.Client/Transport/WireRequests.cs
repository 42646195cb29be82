using System.Buffers;
using Akka.Zab.Client.Jute;

namespace Akka.Zab.Client.Transport;

/// <summary>Requests as ZooKeeper's protocol lays them out.</summary>
internal static class WireRequests
{
    /// <summary>The numbers that stand for themselves in the protocol.</summary>
    public const int EventXid = -1, PingXid = -2, AuthXid = -4, SetWatchesXid = -8;

    private const int Header = 8, MultiHeader = 9, AnyVersion = -1;

    /// <summary>The first frame of a connection.</summary>
    public static void Handshake(IBufferWriter<byte> output, Connect connect)
    {
        var secret = connect.Secret.Length == 0 ? new byte[16] : connect.Secret;
        var writer = new JuteWriter(output);
        writer.Begin(29 + secret.Length);
        writer.Int(Extensions.Version);
        writer.Long(connect.LastZxidSeen);
        writer.Int(connect.TimeoutMs);
        writer.Long(connect.SessionId);
        writer.Buffer(secret);
        writer.Bool(connect.ReadOnlyAllowed);
        writer.End();
        writer.Flush();
    }

    /// <summary>The number that a request has on the wire.</summary>
    public static int WireXid(in NumberedRequest request) => request.Operation switch
    {
        Ping => PingXid,
        AddAuth => AuthXid,
        SetWatches => SetWatchesXid,
        _ => request.Xid,
    };

    /// <summary>Which operation a request is on the wire.</summary>
    public static OpCode Code(Request request) => request switch
    {
        GetData => OpCode.GetData,
        SetData => OpCode.SetData,
        Exists => OpCode.Exists,
        Create { Mode: CreateMode.Container } => OpCode.CreateContainer,
        Create create => create.Mode.HasTimeToLive() ? OpCode.CreateTtl : OpCode.Create2,
        Delete => OpCode.Delete,
        GetChildren => OpCode.GetChildren2,
        Check => OpCode.Check,
        Multi => OpCode.Multi,
        MultiRead => OpCode.MultiRead,
        Sync sync => sync.Confirmed ? OpCode.Confirm : OpCode.Sync,
        GetAcl => OpCode.GetAcl,
        SetAcl => OpCode.SetAcl,
        Ping => OpCode.Ping,
        AddAuth => OpCode.Auth,
        SaslLogin => OpCode.Sasl,
        SetWatches { Persistent.Count: 0, Recursive.Count: 0 } => OpCode.SetWatches,
        SetWatches => OpCode.SetWatches2,
        AddWatch => OpCode.AddWatch,
        RemoveWatches => OpCode.RemoveWatches,
        CheckWatches => OpCode.CheckWatches,
        GetEphemerals => OpCode.GetEphemerals,
        GetAllChildrenNumber => OpCode.GetAllChildrenNumber,
        WhoAmI => OpCode.WhoAmI,
        CloseSession => OpCode.CloseSession,
        Reconfigure => OpCode.Reconfig,
        TransferLeadership => OpCode.TransferLeadership,
        GetChildrenPage => OpCode.GetChildrenPage,
        ResumeWatch => OpCode.ResumeWatch,
        _ => OpCode.Error,
    };

    /// <summary>Whether the protocol has this request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="extended">Whether the server has our extensions, too; any other ends the connection at one.</param>
    public static bool Has(Request request, bool extended)
    {
        var code = Code(request);
        return code != OpCode.Error && (extended || !code.IsExtension());
    }

    /// <summary>Writes one frame.</summary>
    public static void Write(ref JuteWriter writer, in NumberedRequest request)
    {
        var operation = request.Operation;
        writer.Begin(Header + Size(operation));
        writer.Int(WireXid(request));
        writer.Int((int)Code(operation));
        Body(ref writer, operation);
        writer.End();
    }

    private static void Body(ref JuteWriter writer, Request request)
    {
        switch (request)
        {
            case GetData read:
                Read(ref writer, read.Path, read.Watch);
                break;
            case Exists read:
                Read(ref writer, read.Path, read.Watch);
                break;
            case GetChildren read:
                Read(ref writer, read.Path, read.Watch);
                break;
            case SetData set:
                writer.String(set.Path);
                writer.Buffer(set.Data);
                writer.Int(set.Version);
                break;
            case Create create:
                Create(ref writer, create);
                break;
            case Delete delete:
                Versioned(ref writer, delete.Path, delete.Version);
                break;
            case Check check:
                Versioned(ref writer, check.Path, check.Version);
                break;
            case Multi multi:
                foreach (var write in multi.Operations) Part(ref writer, Code(write), write);
                writer.MultiHeader((int)OpCode.Error, true, AnyVersion);
                break;
            case MultiRead multi:
                // Within a multi there is only the list of names.
                foreach (var read in multi.Operations)
                    Part(ref writer, read is GetChildren ? OpCode.GetChildren : Code(read), read);
                writer.MultiHeader((int)OpCode.Error, true, AnyVersion);
                break;
            case SetAcl set:
                writer.String(set.Path);
                Acl(ref writer, set.Acl);
                writer.Int(set.Version);
                break;
            case AddAuth auth:
                writer.Int(0);
                writer.String(auth.Scheme);
                writer.Buffer(auth.Credentials);
                break;
            case SaslLogin login:
                writer.Buffer(login.Token);
                break;
            case SetWatches watches:
                writer.Long(watches.SinceZxid);
                Strings(ref writer, watches.Data);
                Strings(ref writer, watches.Exist);
                Strings(ref writer, watches.Children);
                if (Code(watches) == OpCode.SetWatches) break;
                Strings(ref writer, watches.Persistent);
                Strings(ref writer, watches.Recursive);
                break;
            case AddWatch watch:
                Versioned(ref writer, watch.Path, (int)watch.Mode);
                break;
            case RemoveWatches watch:
                Versioned(ref writer, watch.Path, (int)watch.Type);
                break;
            case CheckWatches watch:
                Versioned(ref writer, watch.Path, (int)watch.Type);
                break;
            case GetEphemerals read:
                writer.String(read.Prefix);
                break;
            case GetChildrenPage page:
                writer.String(page.Path);
                Optional(ref writer, page.After);
                writer.Int(page.Limit);
                break;
            case ResumeWatch watch:
                Versioned(ref writer, watch.Path, (int)watch.Mode);
                writer.Long(watch.SinceZxid);
                break;
            case ReadRequest read: // GetAcl, GetAllChildrenNumber
                writer.String(read.Path);
                break;
            case Sync sync:
                writer.String(sync.Path);
                break;
            case Reconfigure reconfigure:
                Optional(ref writer, reconfigure.Joining);
                Optional(ref writer, reconfigure.Leaving);
                Optional(ref writer, reconfigure.NewMembers);
                writer.Long(reconfigure.FromVersion);
                break;
            case TransferLeadership transfer:
                writer.Int(transfer.To);
                break;
        }
    }

    private static void Optional(ref JuteWriter writer, string? text)
    {
        if (text is null) writer.Buffer(null);
        else writer.String(text);
    }

    private static void Part(ref JuteWriter writer, OpCode code, Request operation)
    {
        writer.MultiHeader((int)code, false, AnyVersion);
        Body(ref writer, operation);
    }

    private static void Read(ref JuteWriter writer, string path, bool watch)
    {
        writer.String(path);
        writer.Bool(watch);
    }

    private static void Versioned(ref JuteWriter writer, string path, int number)
    {
        writer.String(path);
        writer.Int(number);
    }

    private static void Create(ref JuteWriter writer, Create create)
    {
        writer.String(create.Path);
        writer.Buffer(create.Data);
        Acl(ref writer, create.Acl);
        writer.Int((int)create.Mode);
        if (create.Mode.HasTimeToLive()) writer.Long(create.TimeToLiveMs);
    }

    private static void Acl(ref JuteWriter writer, IReadOnlyList<Acl> acl)
    {
        writer.Int(acl.Count);
        foreach (var entry in acl)
        {
            writer.Int((int)entry.Permissions);
            writer.String(entry.Scheme);
            writer.String(entry.Id);
        }
    }

    private static void Strings(ref JuteWriter writer, IReadOnlyList<string> strings)
    {
        writer.Int(strings.Count);
        foreach (var text in strings) writer.String(text);
    }

    // The most that a body takes.
    private static int Size(Request request) => request switch
    {
        Create create => JuteWriter.MaxSize(create.Path) + JuteWriter.Size(create.Data) + Size(create.Acl) + 12,
        SetData set => JuteWriter.MaxSize(set.Path) + JuteWriter.Size(set.Data) + 4,
        SetAcl set => JuteWriter.MaxSize(set.Path) + Size(set.Acl) + 4,
        Delete delete => JuteWriter.MaxSize(delete.Path) + 4,
        Check check => JuteWriter.MaxSize(check.Path) + 4,
        Sync sync => JuteWriter.MaxSize(sync.Path),
        AddAuth auth => 4 + JuteWriter.MaxSize(auth.Scheme) + JuteWriter.Size(auth.Credentials),
        SaslLogin login => JuteWriter.Size(login.Token),
        SetWatches watches => 8 + Size(watches.Data) + Size(watches.Exist) + Size(watches.Children)
            + Size(watches.Persistent) + Size(watches.Recursive),
        GetEphemerals read => JuteWriter.MaxSize(read.Prefix),
        GetChildrenPage page => JuteWriter.MaxSize(page.Path) + JuteWriter.MaxSize(page.After ?? "") + 4,
        ResumeWatch watch => JuteWriter.MaxSize(watch.Path) + 12,
        Multi multi => multi.Operations.Sum(static write => MultiHeader + Size(write)) + MultiHeader,
        MultiRead multi => multi.Operations.Sum(static read => MultiHeader + Size(read)) + MultiHeader,
        ReadRequest read => JuteWriter.MaxSize(read.Path) + 4,
        Reconfigure reconfigure => JuteWriter.MaxSize(reconfigure.Joining ?? "")
            + JuteWriter.MaxSize(reconfigure.Leaving ?? "") + JuteWriter.MaxSize(reconfigure.NewMembers ?? "") + 8,
        TransferLeadership => 4,
        _ => 0,
    };

    private static int Size(IReadOnlyList<Acl> acl) =>
        4 + acl.Sum(static entry => 4 + JuteWriter.MaxSize(entry.Scheme) + JuteWriter.MaxSize(entry.Id));

    private static int Size(IReadOnlyList<string> strings) => 4 + strings.Sum(JuteWriter.MaxSize);
}
