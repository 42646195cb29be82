using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>What every transaction carries.</summary>
/// <param name="Zxid">Epoch in the upper half, a count from 1 in the lower.</param>
/// <param name="Time">The leader's wall clock, in Unix milliseconds.</param>
/// <param name="SessionId">The session that asked for it.</param>
/// <param name="RequestId">The number of its request there; 0 if the ensemble itself asked.</param>
internal readonly record struct TxnHeader(long Zxid, long Time, long SessionId, long RequestId);

/// <summary>A transaction as it stands in history.</summary>
internal readonly record struct LoggedTxn(TxnHeader Header, Txn Body);

/// <summary>
/// A change of the tree. Transactions are physical: they carry results, not wishes, so to apply one again changes
/// nothing, and to apply one never fails.
/// </summary>
internal abstract record Txn;

/// <summary>A znode is created.</summary>
/// <param name="Path">Its final path, with the counter if sequential.</param>
/// <param name="Data">Its data.</param>
/// <param name="Acl">Its access control list.</param>
/// <param name="EphemeralOwner">The session that it dies with, or 0.</param>
/// <param name="ParentCreations">How many children the parent has ever had, this one included; wraps around.</param>
/// <param name="Lifetime">As in <see cref="HeadStat.Lifetime"/>.</param>
internal sealed record CreateTxn(
    string Path, byte[]? Data, IReadOnlyList<Acl> Acl, long EphemeralOwner, int ParentCreations,
    long Lifetime = 0) : Txn;

/// <summary>A znode without children is deleted.</summary>
internal sealed record DeleteTxn(string Path) : Txn;

/// <summary>A znode's data is set.</summary>
/// <param name="Path">The znode.</param>
/// <param name="Data">Its new data.</param>
/// <param name="Version">Its new version.</param>
internal sealed record SetDataTxn(string Path, byte[]? Data, int Version) : Txn;

/// <summary>
/// The ensemble is changed: <c>/zookeeper/config</c> gets this data. Always in a batch by itself.
/// </summary>
/// <param name="Config">The configuration, in ZooKeeper's text.</param>
internal sealed record ReconfigTxn(byte[] Config) : Txn;

/// <summary>A znode's ACL is set.</summary>
/// <param name="Path">The znode.</param>
/// <param name="Acl">Its new ACL.</param>
/// <param name="AclVersion">The new version of its ACL.</param>
internal sealed record SetAclTxn(string Path, IReadOnlyList<Acl> Acl, int AclVersion) : Txn;

/// <summary>
/// Within a <see cref="MultiTxn"/>, in the place of a check that held: changes nothing, but has an answer.
/// </summary>
internal sealed record CheckTxn : Txn
{
    public static CheckTxn Instance { get; } = new();
}

/// <summary>Creates, deletes, sets and checks that are one transaction: one zxid, one time, in this order.</summary>
internal sealed record MultiTxn(Txn[] Parts) : Txn;

/// <summary>The session of the header is opened.</summary>
internal sealed record OpenSessionTxn(byte[] Secret, int TimeoutMs) : Txn;

/// <summary>The session of the header is closed.</summary>
/// <param name="Ephemerals">Its ephemeral znodes, which are deleted, in ordinal order.</param>
internal sealed record CloseSessionTxn(string[] Ephemerals) : Txn;
