namespace Akka.Zab.Client;

/// <summary>What a read promises.</summary>
public enum ReadConsistency
{
    /// <summary>
    /// A state at least as late as everything that the session has seen. Answered by the server alone: ZooKeeper's promise.
    /// </summary>
    Sequential,

    /// <summary>
    /// A state at least as late as everything that was committed before the read was asked for, by whomever. Costs what a
    /// <see cref="Sync"/> does: the leader has a quorum confirm that it leads still, and names the transaction that the
    /// read waits for. An Apache ZooKeeper cannot promise it: <see cref="ZabError.Unimplemented"/>.
    /// </summary>
    Linearizable,
}
