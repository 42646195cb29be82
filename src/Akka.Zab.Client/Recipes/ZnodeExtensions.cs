namespace Akka.Zab.Client.Recipes;

/// <summary>What takes more than one request.</summary>
public static class ZnodeExtensions
{
    /// <summary>Creates a znode and whatever is missing above it. What exists already stays as it is.</summary>
    /// <param name="zab">The client.</param>
    /// <param name="path">An absolute path.</param>
    /// <param name="mode">
    /// The kind of the missing znodes: <see cref="CreateMode.Persistent"/>, or <see cref="CreateMode.Container"/> for
    /// those that are to go when they are not needed any more.
    /// </param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <remarks>If the connection breaks meanwhile, it is tried again over the next one.</remarks>
    /// <exception cref="NoAuthException">The ACLs do not permit it.</exception>
    /// <exception cref="NoChildrenForEphemeralsException">A znode above it is ephemeral.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over; some of the znodes may have been created.
    /// </exception>
    /// <exception cref="BadArgumentsException">The path is none.</exception>
    public static async Task CreatePathAsync(
        this ZabClient zab, string path, CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        ArgumentNullException.ThrowIfNull(path);
        await zab.EnsureAsync(path, mode, null, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes a znode and everything below it, children first. It is not one transaction: if others create children
    /// meanwhile, these are deleted too.
    /// </summary>
    /// <param name="zab">The client.</param>
    /// <param name="path">An absolute path; a znode that does not exist is no error.</param>
    /// <param name="cancellation">Stops it half done.</param>
    /// <remarks>If the connection breaks meanwhile, it is tried again over the next one.</remarks>
    /// <exception cref="NoAuthException">The ACLs do not permit it; some may be deleted.</exception>
    /// <exception cref="SessionExpiredException">The session is over; some may be deleted.</exception>
    public static async Task DeleteTreeAsync(
        this ZabClient zab, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(zab);
        await zab.DeleteSubtreeAsync(path, cancellation).ConfigureAwait(false);
    }
}
