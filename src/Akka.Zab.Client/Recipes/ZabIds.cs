namespace Akka.Zab.Client.Recipes;

/// <summary>
/// Numbers that are never given out twice, each larger than every one given out before it was asked for; not
/// consecutive.
/// </summary>
/// <param name="zab">The client.</param>
/// <param name="path">
/// A znode for these numbers alone; created when missing. The numbers are zxids of its changes.
/// </param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabIds(ZabClient zab, string path)
{
    private readonly string _path = Paths.Check(path);

    /// <summary>The next number. A lost connection costs at most a number that nobody gets.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client take numbers.</exception>
    public async Task<long> NextAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            try
            {
                return (await zab.SetDataAsync(_path, [], -1, cancellation).ConfigureAwait(false)).ModifiedZxid;
            }
            catch (ZabException e) when (e.Error == ZabError.NoNode)
            {
                await zab.CreatePathAsync(_path, CreateMode.Persistent, cancellation).ConfigureAwait(false);
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                // The number that may have been taken is not used.
            }
        }
    }
}
