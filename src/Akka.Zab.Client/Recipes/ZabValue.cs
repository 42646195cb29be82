namespace Akka.Zab.Client.Recipes;

/// <summary>A value that all clients share, changed by comparing and setting.</summary>
/// <param name="zab">The client.</param>
/// <param name="path">The znode that holds it; created empty when missing, and never deleted.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabValue(ZabClient zab, string path)
{
    private readonly string _path = Paths.Check(path);

    /// <summary>The value, as this client's server knows it; null if it was never set.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <remarks>A lost connection is no failure: it is asked again over the next one.</remarks>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async Task<ZnodeState> GetAsync(CancellationToken cancellation = default)
    {
        var reply = await zab.CallAsync(new GetData(_path), cancellation).ConfigureAwait(false);
        return reply switch
        {
            DataReply data => new ZnodeState(data.Data, data.Stat),
            ErrorReply { Error: ZabError.NoNode } => new ZnodeState(null, null),
            _ => throw ZabException.For((reply as ErrorReply)?.Error ?? ZabError.MarshallingError, _path),
        };
    }

    /// <summary>
    /// Changes the value, however many others do so at the same time. A change that is lost to another's is worked out
    /// again from the newer value.
    /// </summary>
    /// <param name="change">
    /// The new value from the present one; a pure function, as it may be called several times.
    /// </param>
    /// <param name="cancellation">Stops the waiting; the change may have been made.</param>
    /// <returns>The value that was set.</returns>
    /// <remarks>After a lost connection it finds out whether the change was made, and makes it again if not.</remarks>
    /// <exception cref="ConnectionLossException">
    /// The connection broke, and the value has been changed since by others, so that nobody can tell whether this
    /// change was made. Read it to decide whether to make the change again; a value that carries the ids of its changes
    /// tells.
    /// </exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over. If that came while the request was under way, the change may have been made.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it, or set it.</exception>
    /// <exception cref="QuotaExceededException">A hard quota would be exceeded; nothing was changed.</exception>
    public async Task<ZnodeState> UpdateAsync(Func<byte[]?, byte[]> change, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            var present = await GetAsync(cancellation).ConfigureAwait(false);
            if (present.Stat is not { } stat)
            {
                await zab.CreatePathAsync(_path, CreateMode.Persistent, cancellation).ConfigureAwait(false);
                continue;
            }
            var data = change(present.Data);
            try
            {
                return new ZnodeState(data, await zab.SetDataAsync(_path, data, stat.Version, cancellation)
                    .ConfigureAwait(false));
            }
            catch (ZabException e) when (e.Error is ZabError.BadVersion or ZabError.NoNode)
            {
                // Another was faster: from its value, then.
                await zab.SyncAsync(cancellation).ConfigureAwait(false);
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                await zab.SyncAsync(cancellation).ConfigureAwait(false);
                var now = await GetAsync(cancellation).ConfigureAwait(false);
                if (now.Stat?.Version != stat.Version) throw;
            }
        }
    }
}
