namespace Akka.Zab.Client;

/// <summary>Several operations as one.</summary>
public sealed partial class ZabClient
{
    /// <summary>Begins a transaction: add operations to it, and commit it. Nothing is sent before that.</summary>
    public ZabTransaction Transaction() => new(this);

    /// <summary>All of these or none, as one transaction; <see cref="Transaction"/> is the convenient form.</summary>
    /// <param name="operations">
    /// <see cref="Create"/>, <see cref="Delete"/>, <see cref="SetData"/>, <see cref="Check"/>.
    /// </param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>An answer for each operation, in order.</returns>
    /// <exception cref="ZabMultiException">One of them failed; nothing was done.</exception>
    /// <exception cref="ConnectionLossException">All of them may have been done, or none.</exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<IReadOnlyList<Reply>> MultiAsync(
        IReadOnlyList<WriteRequest> operations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var multi = new Multi(operations);
        var reply = Expect<MultiReply>(await CallAsync(multi, cancellation).ConfigureAwait(false), null);
        if (reply.Error == ZabError.Ok) return reply.Results;
        throw new ZabMultiException(reply.Error, reply.Results, FailedPath(multi, reply));
    }

    /// <summary>Several reads of one state of the tree.</summary>
    /// <param name="operations"><see cref="GetData"/> and <see cref="GetChildren"/>; they leave no watches.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>An answer for each, in order; an <see cref="ErrorReply"/> for one that failed.</returns>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<IReadOnlyList<Reply>> MultiReadAsync(
        IReadOnlyList<ReadRequest> operations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return (await Ask<MultiReply>(new MultiRead(operations), null, cancellation).ConfigureAwait(false)).Results;
    }

    private static string? FailedPath(Multi multi, MultiReply reply)
    {
        for (var i = 0; i < reply.Results.Count && i < multi.Operations.Count; i++)
        {
            if (reply.Results[i] is not ErrorReply { Error: var error } || error != reply.Error) continue;
            return multi.Operations[i] switch
            {
                Create create => create.Path,
                Delete delete => delete.Path,
                SetData set => set.Path,
                Check check => check.Path,
                _ => null,
            };
        }
        return null;
    }
}
