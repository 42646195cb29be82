namespace Akka.Zab.Client.Recipes;

/// <summary>A gate that somebody closes and opens; the others wait while it is closed.</summary>
/// <param name="zab">The client.</param>
/// <param name="path">The znode that is there while the gate is closed.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabBarrier(ZabClient zab, string path)
{
    private readonly string _path = Paths.Check(path);

    /// <summary>Closes it; it stays closed when this client goes. Closed already is no error.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <remarks>
    /// If the connection breaks meanwhile, it is tried again over the next one: twice is as good as once.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over; it may be closed.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client close it.</exception>
    public Task CloseAsync(CancellationToken cancellation = default) =>
        zab.CreatePathAsync(_path, CreateMode.Persistent, cancellation);

    /// <summary>Opens it, for good or until it is closed again. Open already is no error.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <remarks>
    /// If the connection breaks meanwhile, it is tried again over the next one: twice is as good as once.
    /// </remarks>
    /// <exception cref="SessionExpiredException">The session is over; it may be open.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client open it.</exception>
    public Task OpenAsync(CancellationToken cancellation = default) => zab.DeleteTreeAsync(_path, cancellation);

    /// <summary>Waits until it is open.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read whether it is closed.</exception>
    public async Task WaitAsync(CancellationToken cancellation = default)
    {
        using var listener = zab.Hub.Listen(_path);
        while (true)
        {
            var reply = await zab.CallAsync(new GetData(_path, Watch: true), cancellation).ConfigureAwait(false);
            if (reply is ErrorReply { Error: ZabError.NoNode }) return;
            if (reply is ErrorReply error) throw ZabException.For(error.Error, _path);
            await listener.NextAsync(cancellation).ConfigureAwait(false);
        }
    }
}
