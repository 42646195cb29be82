namespace Akka.Zab.Client;

/// <summary>What the ensemble knows of a znode beside its data. Field by field ZooKeeper's <c>Stat</c>.</summary>
/// <param name="CreatedZxid">czxid: zxid of the transaction that created the znode.</param>
/// <param name="ModifiedZxid">mzxid: zxid of the transaction that last set its data.</param>
/// <param name="CreatedTime">ctime: the leader's wall clock at creation, in Unix milliseconds.</param>
/// <param name="ModifiedTime">mtime: the leader's wall clock when its data was last set, in Unix milliseconds.</param>
/// <param name="Version">How often the data was set; 0 after creation.</param>
/// <param name="ChildrenVersion">cversion: creations plus deletions of children.</param>
/// <param name="AclVersion">aversion: how often the ACL was set.</param>
/// <param name="EphemeralOwner">The owning session of an ephemeral znode, else 0.</param>
/// <param name="DataLength">Length of the data in bytes; 0 for null data.</param>
/// <param name="ChildCount">numChildren: how many children it has.</param>
/// <param name="ChildrenZxid">pzxid: zxid of the last creation or deletion of a child.</param>
public readonly record struct Stat(
    long CreatedZxid,
    long ModifiedZxid,
    long CreatedTime,
    long ModifiedTime,
    int Version,
    int ChildrenVersion,
    int AclVersion,
    long EphemeralOwner,
    int DataLength,
    int ChildCount,
    long ChildrenZxid);
