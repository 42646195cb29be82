namespace Akka.Zab.Client;

/// <summary>
/// Change the ensemble, in ZooKeeper's terms: by what joins and leaves, or as a whole. It is a transaction; while it is
/// under way, a quorum of the old and a quorum of the new ensemble decide together. Needs WRITE on
/// <c>/zookeeper/config</c>. Answered by <see cref="DataReply"/>: data and stat of <c>/zookeeper/config</c> after it.
/// </summary>
/// <param name="Joining">
/// Servers to add or to replace, separated by commas: <c>server.ID=HOST:PORT:ELECTION-PORT[:ROLE][;CLIENT]</c>, where
/// PORT is that of the server's actor system and ROLE is <c>participant</c> or <c>observer</c>; null for none.
/// </param>
/// <param name="Leaving">Ids of servers to remove, separated by commas; null for none.</param>
/// <param name="NewMembers">The whole ensemble, in lines or separated by commas; the other two mean nothing then.</param>
/// <param name="FromVersion">The version that the change starts from, or -1 for any.</param>
public sealed record Reconfigure(string? Joining, string? Leaving, string? NewMembers, long FromVersion = -1)
    : WriteRequest;

/// <summary>
/// Ask the leader to hand over to another server with a vote, which has to follow it. Needs WRITE on
/// <c>/zookeeper/config</c>. Answered by <see cref="DoneReply"/> when the leader has begun; who leads afterwards an
/// election decides, which the named server wins unless it fails in that moment.
/// </summary>
/// <param name="To">The id of the server that is to lead.</param>
public sealed record TransferLeadership(int To) : WriteRequest;
