using System.Text;

namespace Akka.Zab.Client.Recipes;

/// <summary>
/// The line of a shared lock. Who upgrades goes before those who stand in it already, so the order of the tickets alone
/// does not say who has it: the znode of the line names the last ticket that was let through out of turn. It is set
/// only if nobody else has been let through since the line was looked at, so two can never go by different views of it.
/// </summary>
/// <param name="zab">The client.</param>
/// <param name="path">The znode that the tickets are in.</param>
internal sealed class SharedLockLine(ZabClient zab, string path)
{
    private const int AnyVersion = -1;

    private readonly WaitingLine _line = new(zab, path);

    public string Path => path;

    /// <summary>Takes a ticket and waits for its turn.</summary>
    /// <param name="kind">The kind of the ticket.</param>
    /// <param name="basis">The path of a ticket without which this one is worth nothing; null for none.</param>
    /// <param name="cancellation">Leaves the line.</param>
    /// <returns>The path of the ticket, and the fencing token.</returns>
    public async Task<(string Path, long Token)> TakeAsync(string kind, string? basis, CancellationToken cancellation)
    {
        var (ticket, zxid) = await _line.JoinAsync(kind, [], cancellation).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var state = await _line.WaitAsync(ticket, LockRules.SharedOrExclusive, cancellation)
                    .ConfigureAwait(false);
                var grant = await GrantAsync(state, ticket, zxid, basis, cancellation).ConfigureAwait(false);
                if (grant.Token is { } token) return (_line.PathOf(ticket), token);
                if (grant.Before is { } before)
                    await WaitingLine.GoneAsync(zab, _line.PathOf(before), cancellation).ConfigureAwait(false);
            }
        }
        catch
        {
            _ = _line.LeaveAsync(ticket);
            throw;
        }
    }

    /// <summary>Takes a ticket whose turn it is at once; null if there is none.</summary>
    public async Task<(string Path, long Token)?> TryTakeAsync(string kind, CancellationToken cancellation)
    {
        var (ticket, zxid) = await _line.JoinAsync(kind, [], cancellation).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var state = await _line.LookAsync(cancellation).ConfigureAwait(false);
                if (!state.Has(ticket) || LockRules.SharedOrExclusive(state.Line, ticket) is not null) break;
                var grant = await GrantAsync(state, ticket, zxid, null, cancellation).ConfigureAwait(false);
                if (grant.Token is { } token) return (_line.PathOf(ticket), token);
                if (grant.Before is not null) break;
            }
        }
        catch
        {
            _ = _line.LeaveAsync(ticket);
            throw;
        }
        await _line.LeaveAsync(ticket).ConfigureAwait(false);
        return null;
    }

    /// <summary>
    /// Whoever was let through out of turn has a token from then; so everybody who comes after that needs one that is
    /// later than his ticket. Where nobody ever was, or nothing has happened since the ticket was taken, the ticket's
    /// zxid will do.
    /// </summary>
    /// <returns>
    /// The token; or who is before this one after all; or neither, if the line has to be looked at anew.
    /// </returns>
    private async Task<(long? Token, Ticket? Before)> GrantAsync(
        LineState state, Ticket mine, long zxid, string? basis, CancellationToken cancellation)
    {
        var isUpgraded = state.Line.Any(static ticket => ticket.Kind == LockRules.Upgrading);
        var upgrades = mine.Kind == LockRules.Upgrading;
        if (!upgrades)
        {
            var isUndisturbed = state.Stat.ChildrenZxid == zxid;
            if (isUndisturbed || (!isUpgraded && state.Stat.Version == 0)) return (zxid, null);
            if (isUpgraded && await LetThroughAsync(state, cancellation).ConfigureAwait(false) is { } first)
                return (null, first);
        }
        var name = upgrades ? Encoding.UTF8.GetBytes(mine.Name) : [];
        try
        {
            // If a ticket were gone, another might have been let in.
            var done = await zab.MultiAsync(
                [
                    new Check(_line.PathOf(mine)), new Check(basis ?? _line.PathOf(mine)),
                    new SetData(path, name, isUpgraded ? state.Stat.Version : AnyVersion),
                ], CancellationToken.None).ConfigureAwait(false);
            return (ZabClient.Expect<StatReply>(done[^1], path).Stat.ModifiedZxid, null);
        }
        catch (ZabException e) when (e.Error is ZabError.BadVersion or ZabError.ConnectionLoss)
        {
            // Whoever was let through out of turn must not go by the line again: others in it wait for him by now.
            return upgrades && e.Error == ZabError.ConnectionLoss
                ? (await TokenAsync(mine, cancellation).ConfigureAwait(false), null)
                : (null, null);
        }
    }

    private async Task<Ticket?> LetThroughAsync(LineState state, CancellationToken cancellation)
    {
        var name = NameIn(await zab.GetDataAsync(path, false, cancellation).ConfigureAwait(false));
        return state.Line.FirstOrDefault(ticket => ticket.Name == name);
    }

    /// <summary>The token of one who has been let through out of turn; null if he has not.</summary>
    private async Task<long?> TokenAsync(Ticket mine, CancellationToken cancellation)
    {
        await zab.SyncAsync(cancellation).ConfigureAwait(false);
        var data = await zab.GetDataAsync(path, false, cancellation).ConfigureAwait(false);
        return NameIn(data) == mine.Name ? data.Stat.ModifiedZxid : null;
    }

    private static string NameIn(DataReply data) => Encoding.UTF8.GetString(data.Data ?? []);
}
