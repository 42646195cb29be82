using System.Text;

namespace Akka.Zab.Client;

/// <summary>Who the ensemble is, and who leads it.</summary>
public sealed partial class ZabClient
{
    /// <summary>
    /// Adds servers to the ensemble or replaces them, and removes others: one transaction. Needs <c>akka.zab.reconfig</c>
    /// on the servers, and WRITE on <c>/zookeeper/config</c>.
    /// </summary>
    /// <param name="joining">
    /// Each as <c>server.ID=HOST:PORT:ELECTION-PORT[:ROLE][;CLIENT]</c>: PORT is that of the server's actor system, the
    /// second port means nothing but has to be there, ROLE is <c>participant</c> or <c>observer</c>.
    /// </param>
    /// <param name="leaving">Ids of servers to remove.</param>
    /// <param name="fromVersion">The version that the change starts from, or -1 for any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The configuration after the change, in ZooKeeper's text; its last line has its version.</returns>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.ReconfigDisabled"/>, <see cref="ZabError.ReconfigInProgress"/>,
    /// <see cref="ZabError.NewConfigNoQuorum"/>, <see cref="ZabError.BadVersion"/>,
    /// <see cref="ZabError.BadArguments"/>, <see cref="ZabError.NoAuth"/> and others.
    /// </exception>
    /// <exception cref="ConnectionLossException">
    /// The ensemble may have been changed: the version in <c>/zookeeper/config</c> tells. With
    /// <paramref name="fromVersion"/> it may be asked for again: then it is not done twice.
    /// </exception>
    public Task<string> ReconfigureAsync(
        IReadOnlyList<string> joining, IReadOnlyList<int> leaving, long fromVersion = -1,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(joining);
        ArgumentNullException.ThrowIfNull(leaving);
        return ReconfigureAsync(
            new Reconfigure(
                joining.Count == 0 ? null : string.Join(',', joining),
                leaving.Count == 0 ? null : string.Join(',', leaving), null, fromVersion), cancellation);
    }

    /// <summary>Makes the ensemble what the text says; as <c>ReconfigureAsync</c> of what joins and leaves.</summary>
    /// <param name="members">Every server, with groups and weights if there are any, in ZooKeeper's text.</param>
    /// <param name="fromVersion">The version that the change starts from, or -1 for any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The configuration after the change.</returns>
    /// <exception cref="ZabException">As for what joins and leaves.</exception>
    public Task<string> ReconfigureAsync(
        string members, long fromVersion = -1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(members);
        return ReconfigureAsync(new Reconfigure(null, null, members, fromVersion), cancellation);
    }

    /// <summary>
    /// Asks the leader to hand over to another server with a vote. Writes stop for some milliseconds. Needs WRITE on
    /// <c>/zookeeper/config</c>.
    /// </summary>
    /// <param name="to">The id of the server that is to lead.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.BadArguments"/>: it has no vote; <see cref="ZabError.NewConfigNoQuorum"/>: it does not follow
    /// the leader, or did not catch up; <see cref="ZabError.NoAuth"/> and others.
    /// </exception>
    /// <exception cref="ConnectionLossException">It may have been handed over; to ask again does no harm.</exception>
    public Task TransferLeadershipAsync(int to, CancellationToken cancellation = default) =>
        Ask<DoneReply>(new TransferLeadership(to), null, cancellation);

    private async Task<string> ReconfigureAsync(Reconfigure request, CancellationToken cancellation) =>
        Encoding.UTF8.GetString(
            (await Ask<DataReply>(request, null, cancellation).ConfigureAwait(false)).Data ?? []);
}
