namespace Akka.Zab.Client.Diagnostics;

/// <summary>What requests are called where they are counted: as in ZooKeeper's API.</summary>
internal static class OperationNames
{
    /// <summary>A short name, the same for all requests of a kind.</summary>
    public static string Of(Request request) => request switch
    {
        GetData => "getData",
        Exists => "exists",
        GetChildren => "getChildren",
        SetData => "setData",
        Create => "create",
        Delete => "delete",
        Multi => "multi",
        MultiRead => "multiRead",
        Sync => "sync",
        Check => "check",
        GetChildrenPage => "getChildrenPage",
        AddWatch => "addWatch",
        ResumeWatch => "resumeWatch",
        RemoveWatches => "removeWatches",
        CheckWatches => "checkWatches",
        GetAcl => "getAcl",
        SetAcl => "setAcl",
        GetEphemerals => "getEphemerals",
        GetAllChildrenNumber => "getAllChildrenNumber",
        AddAuth => "addAuth",
        WhoAmI => "whoAmI",
        Reconfigure => "reconfig",
        TransferLeadership => "transferLeadership",
        CloseSession => "closeSession",
        _ => "other",
    };

    /// <summary>The znode that a request is about; null if it is about none, or several.</summary>
    public static string? PathOf(Request request) => request switch
    {
        GetEphemerals or MultiRead or SetWatches => null,
        ReadRequest read => read.Path,
        SetData set => set.Path,
        Create create => create.Path,
        Delete delete => delete.Path,
        Check check => check.Path,
        SetAcl setAcl => setAcl.Path,
        _ => null,
    };

    /// <summary>How many requests are in this one; 1 for any but a batch.</summary>
    public static int SizeOf(Request request) => request switch
    {
        Multi multi => multi.Operations.Count,
        MultiRead multi => multi.Operations.Count,
        _ => 1,
    };

    /// <summary>Why it failed; null if it did not. That something does not exist may be the answer.</summary>
    public static string? FailureOf(Request request, Reply reply) => reply switch
    {
        ErrorReply { Error: ZabError.NoNode } when request is Exists => null,
        ErrorReply { Error: ZabError.NoWatcher } when request is CheckWatches => null,
        ErrorReply error => NameOf(error.Error),
        MultiReply { Error: not ZabError.Ok } multi when request is Multi => NameOf(multi.Error),
        _ => null,
    };

    /// <summary>The name of an error.</summary>
    public static string NameOf(ZabError error) => Enum.GetName(error) ?? "_OTHER";
}
