namespace Akka.Zab.Client.Jute;

/// <summary>The operation codes of ZooKeeper's client protocol, in the type field of a request header.</summary>
internal enum OpCode
{
    Error = -1,
    Create = 1,
    Delete = 2,
    Exists = 3,
    GetData = 4,
    SetData = 5,
    GetAcl = 6,
    SetAcl = 7,
    GetChildren = 8,
    Sync = 9,
    Ping = 11,
    GetChildren2 = 12,
    Check = 13,
    Multi = 14,
    Create2 = 15,
    Reconfig = 16,
    CheckWatches = 17,
    RemoveWatches = 18,
    CreateContainer = 19,
    CreateTtl = 21,
    MultiRead = 22,
    Auth = 100,
    SetWatches = 101,
    Sasl = 102,
    GetEphemerals = 103,
    GetAllChildrenNumber = 104,
    SetWatches2 = 105,
    AddWatch = 106,
    WhoAmI = 107,

    CloseSession = -11,

    // Of our own, which ZooKeeper does not have.
    TransferLeadership = 1001,
    GetChildrenPage = 1002,
    ResumeWatch = 1003,
    Confirm = 1004,
}

/// <summary>How client and server find out that they have more in common than ZooKeeper's protocol.</summary>
internal static class Extensions
{
    /// <summary>
    /// In the place of the protocol version, which means nothing to ZooKeeper and its clients and is 0 there: what a client
    /// sends that knows the extensions, and what a server answers that has them, if it was asked so. The letters
    /// <c>Zab</c>, and which extensions: those above.
    /// </summary>
    public const int Version = 0x5a616201;

    /// <summary>Whether an operation is not one of ZooKeeper's.</summary>
    public static bool IsExtension(this OpCode code) => code >= OpCode.TransferLeadership;
}
