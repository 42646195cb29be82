namespace Akka.Zab.Client.Recipes;

/// <summary>
/// A computation that several parties begin together and end together: nobody begins before all are there, nobody
/// leaves before all are done. A party whose session ends counts as one that is done.
/// </summary>
/// <remarks>
/// For hundreds of parties, not tens of thousands: who comes last writes to the znode of each, in one transaction.
/// </remarks>
public sealed class ZabDoubleBarrier
{
    private readonly ZabClient _zab;
    private readonly WaitingLine _inside;
    private readonly string _ready;
    private readonly int _parties;
    private readonly string _kind;
    private Ticket? _mine;

    /// <param name="zab">The client.</param>
    /// <param name="path">A znode for this computation alone; a new one for each time.</param>
    /// <param name="parties">How many take part; at least 1, the same for all.</param>
    /// <param name="name">
    /// Who this party is: one component of a path. Whatever comes under the same name is one party, so a process that
    /// takes the place of one that died is counted once, even while the session of that one goes on; until that ends,
    /// the party is there. Null for a party of its own, which no other object is.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The path is not absolute, or the root; there is no party; the name is empty, or not one component.
    /// </exception>
    public ZabDoubleBarrier(ZabClient zab, string path, int parties, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(zab);
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        if (name is not null) Paths.CheckName(name);
        _zab = zab;
        _inside = new WaitingLine(zab, Paths.Check(path) + "/inside");
        _ready = path + "/ready";
        _parties = parties;
        // What a ticket is for ends with the first dash.
        _kind = name?.Replace("%", "%25", StringComparison.Ordinal).Replace("-", "%2D", StringComparison.Ordinal)
            ?? Guid.NewGuid().ToString("N");
    }

    /// <summary>Waits until all parties are there.</summary>
    /// <param name="cancellation">
    /// Withdraws. Whoever returns nevertheless has entered: all were there before that was known. While there is no
    /// connection nobody can tell, so that the next one, or the end of the session, is waited for.
    /// </param>
    /// <remarks>A lost connection is no failure: it goes on over the next one.</remarks>
    /// <exception cref="InvalidOperationException">This object has entered already.</exception>
    /// <exception cref="OperationCanceledException">It has withdrawn, and is not counted.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over; if this party was counted, it counts as done.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client take part.</exception>
    public async Task EnterAsync(CancellationToken cancellation = default)
    {
        if (_mine is not null) throw new InvalidOperationException("It has entered already.");
        cancellation.ThrowIfCancellationRequested();
        using var listener = _zab.Hub.Listen(_ready);
        // Not cancelled: a ticket that nobody waits for would be counted all the same.
        var (mine, _) = await _inside.JoinAsync(_kind, [], default).ConfigureAwait(false);
        _mine = mine;
        try
        {
            while (true)
            {
                try
                {
                    // Who comes last opens the door for all: the others watch that, and not each other.
                    if (await IsOpenAsync(cancellation).ConfigureAwait(false)) return;
                    if (!await TryOpenAsync(cancellation).ConfigureAwait(false))
                        await listener.NextAsync(cancellation).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    cancellation = default;
                    if (!await WithdrawAsync(mine).ConfigureAwait(false)) continue; // now it opens
                    _mine = null;
                    throw;
                }
            }
        }
        catch (ZabException)
        {
            // Whoever does not begin must not be waited for.
            _ = _inside.LeaveAsync(mine);
            _mine = null;
            throw;
        }
    }

    /// <summary>Says that this party is done, and waits until all are.</summary>
    /// <param name="cancellation">Stops the waiting; this party stays done.</param>
    /// <remarks>A lost connection is no failure: it goes on over the next one.</remarks>
    /// <exception cref="InvalidOperationException">This object has not entered.</exception>
    /// <exception cref="SessionExpiredException">The session is over; this party counts as done.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client take part.</exception>
    public async Task LeaveAsync(CancellationToken cancellation = default)
    {
        var mine = _mine ?? throw new InvalidOperationException("It has not entered.");
        _mine = null;
        await _inside.LeaveAsync(mine).ConfigureAwait(false);
        while (true)
        {
            // Who was counted was there before the door opened, and so is in everything that is read after it.
            var line = await _inside.TryReadAsync(cancellation).ConfigureAwait(false);
            if (line.Count == 0) return;
            // Any one that is left will do: when it has gone, look again. Not all the same one, so that few are woken.
            var other = line[(int)((uint)(mine.Place * 0x9E3779B1L) % (uint)line.Count)];
            await WaitingLine.GoneAsync(_zab, _inside.PathOf(other), cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsOpenAsync(CancellationToken cancellation)
    {
        var open = await _zab.CallAsync(new Exists(_ready, Watch: true), cancellation).ConfigureAwait(false);
        if (open is ErrorReply { Error: not ZabError.NoNode } error) throw ZabException.For(error.Error, _ready);
        return open is StatReply;
    }

    /// <summary>Opens the door if all are there. False if they are not; true says to look again.</summary>
    private async Task<bool> TryOpenAsync(CancellationToken cancellation)
    {
        var line = await _inside.ReadAsync(cancellation).ConfigureAwait(false);
        if (line.DistinctBy(static ticket => ticket.Kind).Count() < _parties) return false;
        try
        {
            // All in one: so all of them are there at that moment, and their tickets' versions say that they are counted.
            await _zab.MultiAsync(
                [
                    .. line.Select(ticket => new SetData(_inside.PathOf(ticket), [])),
                    new Create(_ready, [], Acl.Open, CreateMode.Persistent),
                ], cancellation).ConfigureAwait(false);
        }
        catch (ZabException e) when (e.Error is ZabError.NoNode or ZabError.NodeExists or ZabError.ConnectionLoss)
        {
            // One has withdrawn, or another has opened it, or nobody knows.
        }
        return true;
    }

    /// <summary>Takes a ticket back, unless it has been counted.</summary>
    private async Task<bool> WithdrawAsync(Ticket mine)
    {
        while (true)
        {
            try
            {
                await _zab.DeleteAsync(_inside.PathOf(mine), version: 0).ConfigureAwait(false);
                return true;
            }
            catch (ZabException e) when (e.Error == ZabError.BadVersion)
            {
                return false;
            }
            catch (ZabException e) when (e.Error == ZabError.NoNode)
            {
                return true;
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                // Its name is nobody else's: to try again does no harm.
            }
        }
    }
}
