using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Extensions;

/// <summary>
/// A lock that waits for a session first, and for another one if that has ended before it had the lock.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="clients">Where sessions come from.</param>
/// <param name="take">Waits for it.</param>
/// <param name="tryTake">Waits for it, but not for ever.</param>
internal sealed class ZabLock(
    string name, IZabClientProvider clients, Func<ZabClient, CancellationToken, Task<Hold>> take,
    Func<ZabClient, TimeSpan, CancellationToken, Task<Hold?>> tryTake) : IZabLock
{
    public string Name => name;

    public async Task<IZabLockHandle> AcquireAsync(
        TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        await TakeAsync(timeout ?? Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false)
        ?? throw new TimeoutException($"The lock \"{name}\" was not to be had within {timeout:c}: others have it.");

    public Task<IZabLockHandle?> TryAcquireAsync(
        TimeSpan timeout = default, CancellationToken cancellation = default) =>
        TakeAsync(timeout, cancellation);

    private async Task<IZabLockHandle?> TakeAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A timeout is zero or more, or infinite.");
        while (true)
        {
            var zab = await clients.GetAsync(cancellation).ConfigureAwait(false);
            try
            {
                var hold = timeout == Timeout.InfiniteTimeSpan
                    ? await take(zab, cancellation).ConfigureAwait(false)
                    : await tryTake(zab, timeout, cancellation).ConfigureAwait(false);
                return hold is null ? null : new Handle(hold);
            }
            catch (ZabException e) when (e.Error == ZabError.SessionExpired)
            {
                // It had a place in the line at most, and that is gone: again, with the next session.
            }
        }
    }

    private sealed class Handle(Hold hold) : IZabLockHandle
    {
        public long FencingToken => hold.FencingToken;

        public CancellationToken HandleLost => hold.Lost;

        public ValueTask DisposeAsync() => hold.DisposeAsync();
    }
}
