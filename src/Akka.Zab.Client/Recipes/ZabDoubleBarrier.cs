namespace Akka.Zab.Client.Recipes;

/// <summary>
/// A computation that several clients begin together and end together: nobody begins before all are there, nobody
/// leaves before all are done. A client whose session ends counts as one that is done.
/// </summary>
/// <param name="zab">The client.</param>
/// <param name="path">A znode for this computation alone; a new one for each time.</param>
/// <param name="parties">How many take part; at least 1, the same for all.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root; there is no party.</exception>
public sealed class ZabDoubleBarrier(ZabClient zab, string path, int parties)
{
    private readonly WaitingLine _inside = new(zab, Paths.Check(path) + "/inside");
    private readonly string _ready = path + "/ready";
    private readonly int _parties = parties > 0
        ? parties
        : throw new ArgumentOutOfRangeException(nameof(parties), parties, "There must be at least one party.");

    private Ticket? _mine;

    /// <summary>Waits until all parties are there.</summary>
    /// <param name="cancellation">Withdraws, unless all are there already.</param>
    /// <remarks>A lost connection is no failure: it goes on over the next one.</remarks>
    /// <exception cref="InvalidOperationException">This object has entered already.</exception>
    /// <exception cref="SessionExpiredException">The session is over, and this party is not inside.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client take part.</exception>
    public async Task EnterAsync(CancellationToken cancellation = default)
    {
        if (_mine is not null) throw new InvalidOperationException("It has entered already.");
        using var listener = zab.Hub.Listen(_ready);
        (_mine, _) = await _inside.JoinAsync(LockRules.Shared, [], cancellation).ConfigureAwait(false);
        try
        {
            while (true)
            {
                // Who comes last opens the door for all: the others watch that, and not each other.
                var open = await zab.CallAsync(new Exists(_ready, Watch: true), cancellation).ConfigureAwait(false);
                if (open is StatReply) return;
                if (open is ErrorReply { Error: not ZabError.NoNode } error)
                    throw ZabException.For(error.Error, _ready);
                if ((await _inside.ReadAsync(cancellation).ConfigureAwait(false)).Count >= _parties)
                    await zab.CreatePathAsync(_ready, CreateMode.Persistent, cancellation).ConfigureAwait(false);
                else
                    await listener.NextAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever comes again must not be counted twice.
            await _inside.LeaveAsync(_mine).ConfigureAwait(false);
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
            var line = await _inside.TryReadAsync(cancellation).ConfigureAwait(false);
            if (line.Count == 0) return;
            // Any one that is left will do: when it has gone, look again. Not all the same one, so that few are woken.
            var other = line[(int)((uint)(mine.Place * 0x9E3779B1L) % (uint)line.Count)];
            await WaitingLine.GoneAsync(zab, _inside.PathOf(other), cancellation).ConfigureAwait(false);
        }
    }
}
