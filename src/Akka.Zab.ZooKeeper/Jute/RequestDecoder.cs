using System.Buffers.Binary;
using Akka.Zab.Client;

namespace Akka.Zab.ZooKeeper.Jute;

/// <summary>
/// Turns a request frame into a <see cref="NumberedRequest"/>, and notes how its reply will be laid out.
/// </summary>
internal static class RequestDecoder
{
    /// <summary>A frame shorter than the request header says nothing that could be answered.</summary>
    public const int HeaderSize = 8;

    // Nearly every create has this ACL: one entry, all permissions, world:anyone.
    static ReadOnlySpan<byte> OpenAcl => "\0\0\0\u0001\0\0\0\u001f\0\0\0\u0005world\0\0\0\u0006anyone"u8;

    // A flag that does not go with the operation is refused like one that there is not.
    const CreateMode NoMode = (CreateMode)(-1);

    static readonly Request _malformed = new Refused(ZabError.MarshallingError);
    static readonly Request _unknown = new Refused(ZabError.Unimplemented);
    static readonly Request _ping = new Ping();
    static readonly Request _whoAmI = new WhoAmI();
    static readonly Request _close = new CloseSession();

    /// <summary>
    /// Decodes a frame of at least <see cref="HeaderSize"/> bytes. What cannot be parsed, or is not there, becomes a
    /// <see cref="Refused"/> request, so that its error is answered in its turn.
    /// </summary>
    public static NumberedRequest Decode(ReadOnlySpan<byte> frame, PendingShapes shapes)
    {
        var xid = BinaryPrimitives.ReadInt32BigEndian(frame);
        var type = (OpCode)OperationOf(frame);
        var body = new JuteReader(frame[HeaderSize..]);
        return new NumberedRequest(xid, Decode(type, ref body, shapes));
    }

    /// <summary>The operation code in a frame's header.</summary>
    public static int OperationOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32BigEndian(frame[4..]);

    /// <summary>
    /// In the place of a request that is longer than one may be, of which only the header is known: its refusal.
    /// </summary>
    public static NumberedRequest TooLong(ReadOnlySpan<byte> header, PendingShapes shapes)
        => new(BinaryPrimitives.ReadInt32BigEndian(header), Noted(_malformed, shapes, ReplyShape.Bare));

    /// <summary>
    /// Whether the connection ends with the reply to this request, so that what follows it is not looked at.
    /// </summary>
    public static bool IsLast(Request request)
        => ReferenceEquals(request, _close) || ReferenceEquals(request, _unknown);

    static Request Decode(OpCode type, ref JuteReader body, PendingShapes shapes)
    {
        switch (type)
        {
            case OpCode.Multi:
                return DecodeMulti(ref body, shapes);
            case OpCode.MultiRead:
                return DecodeMultiRead(ref body, shapes);
        }
        var request = DecodeOne(type, ref body);
        if (ReferenceEquals(request, _unknown)) return Noted(request, shapes, ReplyShape.UnknownOperation);
        return body.Malformed
            ? Noted(_malformed, shapes, ReplyShape.Bare)
            : Noted(request, shapes, ReplyShapes.Of(type));
    }

    static Request DecodeOne(OpCode type, ref JuteReader body) => type switch
    {
        OpCode.GetData => new GetData(body.ReadRequiredString(), body.ReadBool()),
        OpCode.SetData => DecodeSetData(ref body),
        OpCode.Exists => new Exists(body.ReadRequiredString(), body.ReadBool()),
        OpCode.Create or OpCode.Create2 => DecodeCreate(ref body),
        OpCode.CreateContainer => DecodeCreateContainer(ref body),
        OpCode.CreateTtl => DecodeCreateTtl(ref body),
        OpCode.Delete => DecodeDelete(ref body),
        OpCode.GetChildren or OpCode.GetChildren2 => DecodeGetChildren(ref body),
        OpCode.Ping => _ping,
        OpCode.Sync => new Sync(body.ReadRequiredString()),
        OpCode.SetWatches => DecodeSetWatches(ref body),
        OpCode.SetWatches2 => DecodeSetWatches2(ref body),
        OpCode.Auth => DecodeAuth(ref body),
        OpCode.CloseSession => _close,
        OpCode.GetAcl => new GetAcl(body.ReadRequiredString()),
        OpCode.SetAcl => DecodeSetAcl(ref body),
        OpCode.WhoAmI => _whoAmI,
        OpCode.AddWatch => DecodeAddWatch(ref body),
        OpCode.RemoveWatches => DecodeRemoveWatches(ref body),
        OpCode.CheckWatches => DecodeCheckWatches(ref body),
        OpCode.GetEphemerals => new GetEphemerals(body.ReadString() ?? ""),
        OpCode.GetAllChildrenNumber => new GetAllChildrenNumber(body.ReadRequiredString()),
        OpCode.Reconfig => DecodeReconfigure(ref body),
        OpCode.TransferLeadership => new TransferLeadership(body.ReadInt()),
        OpCode.GetChildrenPage => new GetChildrenPage(body.ReadRequiredString(), body.ReadString(), body.ReadInt()),
        OpCode.ResumeWatch
            => new ResumeWatch(body.ReadRequiredString(), (AddWatchMode)body.ReadInt(), body.ReadLong()),
        OpCode.Confirm => new Sync(body.ReadRequiredString()) { Confirmed = true },
        OpCode.Sasl => new SaslLogin(body.ReadBuffer() ?? []),
        // Also what only servers say to each other, and a check outside a multi.
        _ => _unknown,
    };

    static Request Noted(Request request, PendingShapes shapes, ReplyShape shape)
    {
        shapes.Add(shape);
        return request;
    }

    // The order of evaluation of the arguments is the order of the fields.

    static Create DecodeCreate(ref JuteReader body)
    {
        var create = DecodeAnyCreate(ref body);
        return create.Mode == CreateMode.Container ? create with { Mode = NoMode } : create;
    }

    static Create DecodeCreateContainer(ref JuteReader body)
    {
        var create = DecodeAnyCreate(ref body);
        return create.Mode == CreateMode.Container ? create : create with { Mode = NoMode };
    }

    static Create DecodeCreateTtl(ref JuteReader body)
    {
        var create = DecodeAnyCreate(ref body) with { TimeToLiveMs = body.ReadLong() };
        return create.Mode.HasTimeToLive() ? create : create with { Mode = NoMode };
    }

    static Create DecodeAnyCreate(ref JuteReader body)
        => new(body.ReadRequiredString(), body.ReadBuffer(), DecodeAcl(ref body), (CreateMode)body.ReadInt());

    static Delete DecodeDelete(ref JuteReader body) => new(body.ReadRequiredString(), body.ReadInt());

    static SetData DecodeSetData(ref JuteReader body)
        => new(body.ReadRequiredString(), body.ReadBuffer(), body.ReadInt());

    static SetAcl DecodeSetAcl(ref JuteReader body)
        => new(body.ReadRequiredString(), DecodeAcl(ref body), body.ReadInt());

    static Reconfigure DecodeReconfigure(ref JuteReader body)
        => new(body.ReadString(), body.ReadString(), body.ReadString(), body.ReadLong());

    static Check DecodeCheck(ref JuteReader body) => new(body.ReadRequiredString(), body.ReadInt());

    static GetChildren DecodeGetChildren(ref JuteReader body) => new(body.ReadRequiredString(), body.ReadBool());

    static SetWatches DecodeSetWatches(ref JuteReader body)
        => new(body.ReadLong(), body.ReadStrings(), body.ReadStrings(), body.ReadStrings());

    static SetWatches DecodeSetWatches2(ref JuteReader body) => DecodeSetWatches(ref body) with
    {
        Persistent = body.ReadStrings(),
        Recursive = body.ReadStrings(),
    };

    static AddWatch DecodeAddWatch(ref JuteReader body)
        => new(body.ReadRequiredString(), (AddWatchMode)body.ReadInt());

    static RemoveWatches DecodeRemoveWatches(ref JuteReader body)
        => new(body.ReadRequiredString(), (WatchType)body.ReadInt());

    static CheckWatches DecodeCheckWatches(ref JuteReader body)
        => new(body.ReadRequiredString(), (WatchType)body.ReadInt());

    static AddAuth DecodeAuth(ref JuteReader body)
    {
        body.ReadInt(); // always 0
        return new AddAuth(body.ReadRequiredString(), body.ReadBuffer() ?? []);
    }

    static IReadOnlyList<Acl> DecodeAcl(ref JuteReader body)
    {
        if (body.SkipIf(OpenAcl)) return Acl.Open;
        var count = body.ReadCount(smallest: 12);
        if (count == 0) return [];
        var acl = new Acl[count];
        for (var i = 0; i < count; i++)
            acl[i] = new Acl((Permissions)body.ReadInt(), body.ReadString() ?? "", body.ReadString() ?? "");
        return acl;
    }

    static Request DecodeMulti(ref JuteReader body, PendingShapes shapes)
    {
        var operations = new List<WriteRequest>();
        var types = new List<OpCode>();
        while (true)
        {
            var type = (OpCode)body.ReadInt();
            var done = body.ReadBool();
            body.ReadInt(); // the error field, which means nothing in a request
            if (body.Malformed) return Noted(_malformed, shapes, ReplyShape.Bare);
            if (done) break;

            WriteRequest? operation = type switch
            {
                OpCode.Create or OpCode.Create2 => DecodeCreate(ref body),
                OpCode.CreateContainer => DecodeCreateContainer(ref body),
                OpCode.CreateTtl => DecodeCreateTtl(ref body),
                OpCode.Delete => DecodeDelete(ref body),
                OpCode.SetData => DecodeSetData(ref body),
                OpCode.Check => DecodeCheck(ref body),
                _ => null,
            };
            if (operation is null || body.Malformed) return Noted(_malformed, shapes, ReplyShape.Bare);
            operations.Add(operation);
            types.Add(type is OpCode.CreateContainer or OpCode.CreateTtl ? OpCode.Create2 : type);
        }
        shapes.AddMulti(types);
        return new Multi(operations);
    }

    static Request DecodeMultiRead(ref JuteReader body, PendingShapes shapes)
    {
        var operations = new List<ReadRequest>();
        var types = new List<OpCode>();
        while (true)
        {
            var type = (OpCode)body.ReadInt();
            var done = body.ReadBool();
            body.ReadInt();
            if (body.Malformed) return Noted(_malformed, shapes, ReplyShape.Bare);
            if (done) break;

            ReadRequest? operation = type switch
            {
                OpCode.GetData => new GetData(body.ReadRequiredString(), body.ReadBool()),
                OpCode.GetChildren => DecodeGetChildren(ref body),
                _ => null,
            };
            if (operation is null || body.Malformed) return Noted(_malformed, shapes, ReplyShape.Bare);
            operations.Add(operation);
            types.Add(type);
        }
        shapes.AddMulti(types);
        return new MultiRead(operations);
    }
}
