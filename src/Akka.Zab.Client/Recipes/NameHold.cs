namespace Akka.Zab.Client.Recipes;

/// <summary>
/// The hold of a name that others may have before and after: of a znode that is called as they want it to be called.
/// Only the znode that it was given out for is deleted when it is let go of, never one that somebody else has created
/// under the name since.
/// </summary>
/// <remarks>
/// A delete can be bound to the version of the data, not to the transaction that created the znode. So that is looked
/// at first, in the latest state, and the delete is bound to the version that was found: a successor could only be
/// mistaken for one's own if it came between the two, after somebody has deleted a znode that was not his.
/// </remarks>
public sealed class NameHold : Hold
{
    private readonly ZabClient _zab;

    internal NameHold(ZabClient zab, string path, long fencingToken) : base(zab, path, fencingToken) => _zab = zab;

    /// <summary>The name: the last component of <see cref="Hold.Path"/>.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    private protected override Task ReleaseAsync() => DeleteOwnAsync(_zab, Path, FencingToken);

    /// <summary>Deletes a znode for certain, unless the session does it, or it is another one by now.</summary>
    internal static async Task DeleteOwnAsync(ZabClient zab, string path, long createdZxid)
    {
        while (true)
        {
            try
            {
                if (await FindOwnAsync(zab, path, createdZxid, default).ConfigureAwait(false) is not { } own) return;
                await zab.DeleteAsync(path, own.Version).ConfigureAwait(false);
                return;
            }
            catch (ZabException e) when (e.Error is ZabError.NoNode or ZabError.SessionExpired)
            {
                return;
            }
            catch (ZabException e) when (e.Error is ZabError.BadVersion or ZabError.ConnectionLoss)
            {
                // Set meanwhile, or nobody knows what was done: to look tells.
            }
        }
    }

    /// <summary>Takes a name.</summary>
    /// <param name="zab">The client.</param>
    /// <param name="path">The znode that is called so.</param>
    /// <param name="data">Its data.</param>
    /// <param name="cancellation">Stops the waiting; what is taken meanwhile is let go of again.</param>
    /// <exception cref="NodeExistsException">Somebody has it.</exception>
    internal static async Task<NameHold> TakeAsync(
        ZabClient zab, string path, byte[] data, CancellationToken cancellation)
    {
        // The request is not taken back when the caller stops waiting.
        var taking = TakeAsync(zab, path, data);
        try
        {
            return await taking.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = taking.ContinueWith(
                static taken => taken.Result.DisposeAsync().AsTask(), CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>The stat of a znode, if it is still the one that a transaction created; else null.</summary>
    internal static async Task<Stat?> FindOwnAsync(
        ZabClient zab, string path, long createdZxid, CancellationToken cancellation)
    {
        // Both are on their way at once, in this order: a server that is behind would still show what is gone.
        var latest = zab.SyncAsync(cancellation);
        var looking = zab.ExistsAsync(path, false, cancellation);
        await Task.WhenAll(latest, looking).ConfigureAwait(false);
        return await looking.ConfigureAwait(false) is { } stat && stat.CreatedZxid == createdZxid ? stat : null;
    }

    private static async Task<NameHold> TakeAsync(ZabClient zab, string path, byte[] data)
    {
        var created = await zab.CreateAsync(path, data, _ephemeral).ConfigureAwait(false);
        return new NameHold(zab, path, created.Stat.CreatedZxid);
    }

    private static readonly CreateOptions _ephemeral = new()
    {
        Mode = CreateMode.Ephemeral,
        Parents = MissingParents.CreateContainers,
        Protected = true,
    };
}
