using System.Runtime.CompilerServices;
using System.Text;
using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Recipes;

/// <summary>A candidate of an election.</summary>
/// <param name="Id">What it calls itself.</param>
/// <param name="FencingToken">The token that it has, or will have, when it leads.</param>
public sealed record Candidate(string Id, long FencingToken);

/// <summary>
/// Elects one leader among the clients that stand for it: the one that has stood the longest. When it goes, one other
/// is woken.
/// </summary>
/// <param name="zab">The client. Its session leads.</param>
/// <param name="path">A znode for this election alone; created when missing, gone some time after its last use.</param>
/// <param name="id">What this candidate calls itself, for the others to see.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabElection(ZabClient zab, string path, string id)
{
    private readonly WaitingLine _line = new(zab, Paths.Check(path));

    /// <summary>Stands until it leads. Dispose of the result to step down.</summary>
    /// <param name="cancellation">Withdraws.</param>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over, and the place in the line with it.</exception>
    /// <exception cref="NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public Task<Hold> LeadAsync(CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            zab, "election", path, this, static (election, cancelled) => election.StandAsync(cancelled), cancellation);

    private async Task<Hold> StandAsync(CancellationToken cancellation)
    {
        var (ticket, zxid) = await _line
            .JoinAsync(LockRules.Exclusive, Encoding.UTF8.GetBytes(id), cancellation).ConfigureAwait(false);
        await _line.WaitAsync(ticket, LockRules.First, cancellation).ConfigureAwait(false);
        return new Hold(zab, _line.PathOf(ticket), zxid);
    }

    /// <summary>
    /// Runs something whenever this client leads, again and again, until it is cancelled. When the lead is lost, what
    /// runs is cancelled and waited for before it stands again.
    /// </summary>
    /// <param name="work">
    /// What to do while leading: it gets the lead, and a token that is cancelled when it has to stop. When it returns,
    /// this client steps down and stands again at the end of the line.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    /// <remarks>
    /// A lost connection is no failure: it finds out over the next one whether it stands in the line. What
    /// <paramref name="work"/> throws ends it and is thrown on, unless it was cancelled because the lead was lost.
    /// </remarks>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="SessionExpiredException">The session is over; go on with a new client.</exception>
    /// <exception cref="NoNodeException">
    /// Somebody has deleted the place in the line while it stood; what runs while it leads is cancelled instead.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client stand in the line.</exception>
    public async Task RunWhileLeadingAsync(
        Func<Hold, CancellationToken, Task> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        while (true)
        {
            await using var lead = await LeadAsync(cancellation).ConfigureAwait(false);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lead.Lost);
            try
            {
                await work(lead, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
                when (lead.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                // Not the caller's affair: it stands again.
            }
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Who leads; null if nobody stands.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read who stands.</exception>
    public async Task<Candidate?> GetLeaderAsync(CancellationToken cancellation = default)
    {
        foreach (var ticket in await _line.TryReadAsync(cancellation).ConfigureAwait(false))
            if (await ReadAsync(ticket, watch: false, cancellation).ConfigureAwait(false) is { } leader) return leader;
        return null;
    }

    /// <summary>All who stand, the leader first.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read who stands.</exception>
    public async Task<IReadOnlyList<Candidate>> GetCandidatesAsync(CancellationToken cancellation = default)
    {
        var candidates = new List<Candidate>();
        foreach (var ticket in await _line.TryReadAsync(cancellation).ConfigureAwait(false))
            if (await ReadAsync(ticket, watch: false, cancellation).ConfigureAwait(false) is { } candidate)
                candidates.Add(candidate);
        return candidates;
    }

    /// <summary>
    /// Who leads now, and then every new leader; null while nobody stands. Of leaders that follow each other faster
    /// than they are read, only the last is given. Who watches is woken when the leader goes, not when others stand or
    /// withdraw.
    /// </summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read who stands.</exception>
    public async IAsyncEnumerable<Candidate?> WatchLeaderAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        (bool Told, Candidate? Leader) last = default;
        while (true)
        {
            var line = await _line.TryReadAsync(cancellation).ConfigureAwait(false);
            // While somebody leads, a newcomer stands behind him: nobody but him has to be watched.
            using var listener = zab.Hub.Listen(line.Count > 0 ? _line.PathOf(line[0]) : path);
            Candidate? leader = null;
            if (line.Count > 0)
            {
                leader = await ReadAsync(line[0], watch: true, cancellation).ConfigureAwait(false);
                if (leader is null) continue; // gone in between
            }
            else if (await HasBegunAsync(cancellation).ConfigureAwait(false))
            {
                continue;
            }
            if (!last.Told || last.Leader != leader)
            {
                last = (true, leader);
                yield return leader;
            }
            await listener.NextAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether somebody stands by now; if not, a watch is left that tells of the first.</summary>
    private async Task<bool> HasBegunAsync(CancellationToken cancellation)
    {
        var children = await zab.ReadWatchedAsync<ChildrenReply>(new GetChildren(path, Watch: true), cancellation)
            .ConfigureAwait(false);
        return children is not null && WaitingLine.Order(children.Names).Count > 0;
    }

    /// <summary>A candidate; null if it is gone.</summary>
    private async Task<Candidate?> ReadAsync(Ticket ticket, bool watch, CancellationToken cancellation)
    {
        var data = await zab.TryReadAsync<DataReply>(new GetData(_line.PathOf(ticket), watch), cancellation)
            .ConfigureAwait(false);
        return data is null ? null : new Candidate(Encoding.UTF8.GetString(data.Data ?? []), data.Stat.CreatedZxid);
    }
}
