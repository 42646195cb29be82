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

    /// <summary>An operation of our own, which ZooKeeper does not have: the leader is to hand over.</summary>
    TransferLeadership = 1001,
    CloseSession = -11,
}
