namespace Akka.Zab.Client;

/// <summary>
/// Reads with a say in what they promise. Where the server is an Apache ZooKeeper,
/// <see cref="ReadConsistency.Linearizable"/> is refused with <see cref="UnimplementedException"/>: it could not keep it.
/// </summary>
public sealed partial class ZabClient
{
    /// <summary>Reads data and stat.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="consistency">What the read promises.</param>
    /// <param name="watch">Leave a one-shot watch on its data.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="UnimplementedException">
    /// The server is an Apache ZooKeeper, and the read was to be linearizable.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public Task<DataReply> GetDataAsync(
        string path, ReadConsistency consistency, bool watch = false, CancellationToken cancellation = default) =>
        AfterAsync(Confirmed(consistency, cancellation), GetDataAsync(path, watch, cancellation));

    /// <summary>The stat of a znode, or null if it does not exist.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="consistency">What the read promises.</param>
    /// <param name="watch">Leave a one-shot watch: on its data if it exists, on its creation if not.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="UnimplementedException">
    /// The server is an Apache ZooKeeper, and the read was to be linearizable.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public Task<Stat?> ExistsAsync(
        string path, ReadConsistency consistency, bool watch = false, CancellationToken cancellation = default) =>
        AfterAsync(Confirmed(consistency, cancellation), ExistsAsync(path, watch, cancellation));

    /// <summary>The names of a znode's children, in ordinal order, and its stat.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="consistency">What the read promises.</param>
    /// <param name="watch">Leave a one-shot watch on the list of children.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="UnimplementedException">
    /// The server is an Apache ZooKeeper, and the read was to be linearizable.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public Task<ChildrenReply> GetChildrenAsync(
        string path, ReadConsistency consistency, bool watch = false, CancellationToken cancellation = default) =>
        AfterAsync(Confirmed(consistency, cancellation), GetChildrenAsync(path, watch, cancellation));

    /// <summary>Several reads of one state of the tree; see <see cref="MultiRead"/>.</summary>
    /// <param name="operations">Any of <see cref="GetData"/> and <see cref="GetChildren"/>, in order.</param>
    /// <param name="consistency">What they promise.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="UnimplementedException">
    /// The server is an Apache ZooKeeper, and the read was to be linearizable.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public Task<IReadOnlyList<Reply>> MultiReadAsync(
        IReadOnlyList<ReadRequest> operations, ReadConsistency consistency, CancellationToken cancellation = default) =>
        AfterAsync(Confirmed(consistency, cancellation), MultiReadAsync(operations, cancellation));

    private Task Confirmed(ReadConsistency consistency, CancellationToken cancellation) =>
        consistency == ReadConsistency.Linearizable
            ? Ask<SyncReply>(new Sync("/") { Confirmed = true }, null, cancellation) : Task.CompletedTask;

    // Both are on their way at once, in this order. Should the connection break between them, the next server has at
    // least what the sync has shown, or refuses this client.
    private static async Task<T> AfterAsync<T>(Task confirmed, Task<T> read)
    {
        await Task.WhenAll(confirmed, read).ConfigureAwait(false);
        return await read.ConfigureAwait(false);
    }
}
