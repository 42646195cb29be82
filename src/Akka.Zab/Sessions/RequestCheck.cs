using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Sessions;

/// <summary>
/// What a client may send at all. An Akka client's messages are whatever its serializer wrote: fields that the types
/// say are there may be missing, and requests that only servers make may be among them.
/// </summary>
internal static class RequestCheck
{
    /// <summary><see cref="ZabError.Ok"/>, or the error to answer with in the request's turn.</summary>
    public static ZabError Verdict(Request? request) => request switch
    {
        SetWatches watches => NoneNull(watches.Data) && NoneNull(watches.Exist) && NoneNull(watches.Children)
                && NoneNull(watches.Persistent) && NoneNull(watches.Recursive)
            ? ZabError.Ok : ZabError.MarshallingError,
        AddWatch add when !Enum.IsDefined(add.Mode) => ZabError.MarshallingError,
        ResumeWatch resume when !Enum.IsDefined(resume.Mode) => ZabError.MarshallingError,
        RemoveWatches remove when !Enum.IsDefined(remove.Type) => ZabError.MarshallingError,
        CheckWatches check when !Enum.IsDefined(check.Type) => ZabError.MarshallingError,
        MultiRead multi => VerdictOnReads(multi.Operations),
        ReadRequest read => read.Path is null ? ZabError.MarshallingError : ZabError.Ok,
        // A check by itself would be a write that changes nothing: ZooKeeper refuses it since 3.9.
        Check => ZabError.Unimplemented,
        Multi multi => VerdictOnParts(multi.Operations),
        Sync sync => sync.Path is null ? ZabError.MarshallingError : ZabError.Ok,
        WriteRequest write => VerdictOnWrite(write),
        AddAuth auth => auth.Scheme is null || auth.Credentials is null ? ZabError.MarshallingError : ZabError.Ok,
        SaslLogin login => login.Token is null ? ZabError.MarshallingError : ZabError.Ok,
        Ping or WhoAmI => ZabError.Ok,
        Refused refused => refused.Error,
        _ => ZabError.MarshallingError,
    };

    private static ZabError VerdictOnWrite(WriteRequest write) => write switch
    {
        Create create => create.Path is null ? ZabError.MarshallingError
            : IsAcl(create.Acl) ? ZabError.Ok : ZabError.InvalidAcl,
        SetAcl set => set.Path is null ? ZabError.MarshallingError
            : IsAcl(set.Acl) ? ZabError.Ok : ZabError.InvalidAcl,
        SetData set => set.Path is null ? ZabError.MarshallingError : ZabError.Ok,
        Delete delete => delete.Path is null ? ZabError.MarshallingError : ZabError.Ok,
        Check check => check.Path is null ? ZabError.MarshallingError : ZabError.Ok,
        CloseSession or Reconfigure or TransferLeadership => ZabError.Ok,
        OpenSession or ReattachSession => ZabError.Unimplemented,
        _ => ZabError.Unimplemented,
    };

    private static ZabError VerdictOnReads(IReadOnlyList<ReadRequest>? reads)
    {
        if (reads is null) return ZabError.MarshallingError;
        for (var i = 0; i < reads.Count; i++)
            if (reads[i] is not (GetData or GetChildren) || reads[i].Path is null) return ZabError.MarshallingError;
        return ZabError.Ok;
    }

    private static ZabError VerdictOnParts(IReadOnlyList<WriteRequest>? parts)
    {
        if (parts is null) return ZabError.MarshallingError;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not (Create or SetData or Delete or Check)) return ZabError.MarshallingError;
            // What is merely not legal is the answer to that part, and the leader gives it.
            if (VerdictOnWrite(parts[i]) != ZabError.Ok) return ZabError.MarshallingError;
        }
        return ZabError.Ok;
    }

    private static bool IsAcl(IReadOnlyList<Acl>? acl)
    {
        if (acl is null) return false;
        for (var i = 0; i < acl.Count; i++)
            if (acl[i] is not { Scheme: not null, Id: not null }) return false;
        return true;
    }

    private static bool NoneNull(IReadOnlyList<string>? paths)
    {
        if (paths is null) return false;
        for (var i = 0; i < paths.Count; i++)
            if (paths[i] is null) return false;
        return true;
    }
}
