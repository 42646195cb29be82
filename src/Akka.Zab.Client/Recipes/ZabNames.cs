using System.Globalization;
using System.Text;
using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Recipes;

/// <summary>A name that somebody has.</summary>
/// <param name="Name">The name.</param>
/// <param name="Owner">What the one who has it calls itself.</param>
/// <param name="IsKept">Whether it is kept over the end of sessions, until it is given up.</param>
/// <param name="FencingToken">Larger than that of everyone who has had the name before.</param>
public sealed record NameOwner(string Name, string Owner, bool IsKept, long FencingToken);

/// <summary>
/// Names that one has and nobody else: a name of one's choice, or the next one with a prefix; claimed for as long as
/// the session lives, or kept until they are given up.
/// </summary>
/// <remarks>
/// The names with a prefix are numbered, from 1, and none is given out twice, as long as nobody deletes the znode of
/// the names. A lost connection costs at most a number that nobody gets.
/// </remarks>
/// <param name="zab">The client. Its session has the names that are claimed.</param>
/// <param name="path">A znode for these names alone; created when missing.</param>
/// <param name="owner">
/// What the one who wants names calls itself, for others to see. By it, it is known again as the one who keeps a name:
/// so it must be nobody else's, and the same after a restart.
/// </param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabNames(ZabClient zab, string path, string owner)
{
    private readonly string _names = Paths.Check(path) + "/names";
    private readonly string _numbers = path + "/numbers";
    private readonly byte[] _owner = Encoding.UTF8.GetBytes(owner);

    /// <summary>Claims a name. Dispose of the result to give it back.</summary>
    /// <param name="name">The name: one component of a path.</param>
    /// <param name="cancellation">Stops the waiting; a name that is claimed meanwhile is given back.</param>
    /// <returns>The hold, or null if somebody has the name, be it this client.</returns>
    /// <remarks>If the connection breaks meanwhile, it finds out whether the name was claimed.</remarks>
    /// <exception cref="ArgumentException">The name is not one component of a path.</exception>
    /// <exception cref="ConnectionLossException">
    /// The connection broke, and the ACLs do not let this client read whether it has the name.
    /// </exception>
    /// <exception cref="SessionExpiredException">The session is over, and nothing is claimed.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client claim names.</exception>
    public Task<NameHold?> TryClaimAsync(string name, CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            zab, "name", path, (Names: this, At: At(name)),
            static (claim, cancelled) => claim.Names.TakeAsync(claim.At, cancelled), cancellation);

    /// <summary>Claims the next name with a prefix: <c>worker-1</c>, <c>worker-2</c>, ...</summary>
    /// <param name="prefix">What the name begins with, and a series of numbers of its own: not empty.</param>
    /// <param name="cancellation">Stops the waiting; a name that is claimed meanwhile is given back.</param>
    /// <exception cref="ArgumentException">The prefix cannot begin a component of a path.</exception>
    /// <exception cref="ConnectionLossException">
    /// The connection broke, and the ACLs do not let this client read whether it has the name: call it again, for
    /// another; this session may have one name more.
    /// </exception>
    /// <exception cref="SessionExpiredException">The session is over, and nothing is claimed.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client claim names.</exception>
    public Task<NameHold> ClaimNextAsync(string prefix, CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            zab, "name", path, (Names: this, Prefix: Paths.CheckName(prefix)),
            static (claim, cancelled) => claim.Names.TakeNextAsync(claim.Prefix, cancelled), cancellation);

    /// <summary>
    /// Keeps a name until it is given up, whatever becomes of the session. To keep it again is no error.
    /// </summary>
    /// <param name="name">The name: one component of a path.</param>
    /// <param name="cancellation">Stops the waiting; the name may be kept.</param>
    /// <returns>This owner with the name, or null if somebody else keeps it or somebody has claimed it.</returns>
    /// <remarks>
    /// If the connection breaks meanwhile, it is tried again: the owner's name tells whether it was kept.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is not one component of a path.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over; the name may be kept: try again with a new client.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client keep names, or read who has them.</exception>
    public Task<NameOwner?> TryKeepAsync(string name, CancellationToken cancellation = default) =>
        KeepAsync(At(name), since: 0, cancellation);

    /// <summary>Keeps the next name with a prefix until it is given up, whatever becomes of the session.</summary>
    /// <param name="prefix">What the name begins with, and a series of numbers of its own: not empty.</param>
    /// <param name="cancellation">Stops the waiting; a name may be kept that nobody knows of.</param>
    /// <exception cref="ArgumentException">The prefix cannot begin a component of a path.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over; a name may be kept that nobody knows of.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client keep names, or read who has them.</exception>
    public async Task<NameOwner> KeepNextAsync(string prefix, CancellationToken cancellation = default)
    {
        Paths.CheckName(prefix);
        while (true)
        {
            var (at, drawn) = await DrawAsync(prefix, cancellation).ConfigureAwait(false);
            // What this owner has kept before by that name is not what it asks for now.
            if (await KeepAsync(at, drawn, cancellation).ConfigureAwait(false) is { } kept) return kept;
        }
    }

    /// <summary>Gives up a name that this owner keeps. To give up what it does not keep is no error.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Stops the waiting; the name may be given up.</param>
    /// <remarks>If the connection breaks meanwhile, it is looked at again; another's name is left alone.</remarks>
    /// <exception cref="ArgumentException">The name is not one component of a path.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over; the name may be given up: try again with a new client.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client give it up, or read who has it.</exception>
    public async Task GiveUpAsync(string name, CancellationToken cancellation = default)
    {
        var at = At(name);
        while (true)
        {
            await zab.SyncAsync(cancellation).ConfigureAwait(false);
            if (await ReadAsync(at, cancellation).ConfigureAwait(false) is not { } there || !IsMine(there)) return;
            try
            {
                await zab.DeleteAsync(at, there.Stat.Version, cancellation).ConfigureAwait(false);
                return;
            }
            catch (ZabException e) when (e.Error is ZabError.NoNode or ZabError.BadVersion or ZabError.ConnectionLoss)
            {
                // Look again whether it is there, and whose.
            }
        }
    }

    /// <summary>Who has a name, as this client's server knows it; null if nobody has.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ArgumentException">The name is not one component of a path.</exception>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async Task<NameOwner?> FindAsync(string name, CancellationToken cancellation = default) =>
        await ReadAsync(At(name), cancellation).ConfigureAwait(false) is { } there ? Owner(name, there) : null;

    private async Task<NameHold?> TakeAsync(string at, CancellationToken cancellation)
    {
        try
        {
            return await NameHold.TakeAsync(zab, at, _owner, cancellation).ConfigureAwait(false);
        }
        catch (NodeExistsException)
        {
            return null;
        }
    }

    private async Task<NameHold> TakeNextAsync(string prefix, CancellationToken cancellation)
    {
        while (true)
        {
            var (at, _) = await DrawAsync(prefix, cancellation).ConfigureAwait(false);
            // Somebody may have chosen just this name.
            if (await TakeAsync(at, cancellation).ConfigureAwait(false) is { } taken) return taken;
        }
    }

    /// <summary>Draws the next number of a series, which is the version of its znode.</summary>
    /// <returns>The znode of the name with it, and the zxid of the draw.</returns>
    private async Task<(string At, long Zxid)> DrawAsync(string prefix, CancellationToken cancellation)
    {
        var series = Paths.Child(_numbers, prefix);
        while (true)
        {
            try
            {
                var drawn = await zab.SetDataAsync(series, [], -1, cancellation).ConfigureAwait(false);
                var number = drawn.Version.ToString(CultureInfo.InvariantCulture);
                return (Paths.Child(_names, prefix + number), drawn.ModifiedZxid);
            }
            catch (NoNodeException)
            {
                await zab.CreatePathAsync(series, CreateMode.Persistent, cancellation).ConfigureAwait(false);
            }
            catch (ConnectionLossException)
            {
                // The number that may have been drawn is not used.
            }
        }
    }

    private async Task<NameOwner?> KeepAsync(string at, long since, CancellationToken cancellation)
    {
        var name = at[(_names.Length + 1)..];
        while (true)
        {
            try
            {
                var options = new CreateOptions { Parents = MissingParents.CreateContainers };
                var created = await zab.CreateAsync(at, _owner, options, cancellation).ConfigureAwait(false);
                return new NameOwner(name, owner, IsKept: true, created.Stat.CreatedZxid);
            }
            catch (NodeExistsException)
            {
                await zab.SyncAsync(cancellation).ConfigureAwait(false);
                if (await ReadAsync(at, cancellation).ConfigureAwait(false) is not { } there) continue; // gone
                return IsMine(there) && there.Stat.CreatedZxid > since ? Owner(name, there) : null;
            }
            catch (ConnectionLossException)
            {
                // Kept or not: to try again tells.
            }
        }
    }

    private Task<DataReply?> ReadAsync(string at, CancellationToken cancellation) =>
        zab.TryReadAsync<DataReply>(new GetData(at), cancellation);

    private bool IsMine(DataReply there) =>
        there.Stat.EphemeralOwner == 0 && there.Data.AsSpan().SequenceEqual(_owner);

    private static NameOwner Owner(string name, DataReply there) => new(
        name, Encoding.UTF8.GetString(there.Data ?? []), there.Stat.EphemeralOwner == 0, there.Stat.CreatedZxid);

    private string At(string name) => Paths.Child(_names, Paths.CheckName(name));
}
