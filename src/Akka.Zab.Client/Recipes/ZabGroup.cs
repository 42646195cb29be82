using System.Runtime.CompilerServices;
using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client.Recipes;

/// <summary>A member of a group.</summary>
/// <param name="Name">Its name, unique in the group.</param>
/// <param name="Data">What it says of itself; do not change it.</param>
/// <param name="FencingToken">Larger than that of every earlier member of the name.</param>
public sealed record GroupMember(string Name, byte[] Data, long FencingToken);

/// <summary>Who is there: clients that join are members until they leave or their session ends.</summary>
/// <param name="zab">The client.</param>
/// <param name="path">A znode for this group alone; created when missing, gone some time after its last use.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabGroup(ZabClient zab, string path)
{
    private readonly string _path = Paths.Check(path);

    /// <summary>Joins. Dispose of the result to leave.</summary>
    /// <param name="name">The member's name: one component of a path.</param>
    /// <param name="data">What it says of itself; null for nothing.</param>
    /// <param name="cancellation">Stops the waiting; whoever has become a member meanwhile leaves again.</param>
    /// <remarks>
    /// If the connection breaks meanwhile, it finds out whether it has become a member.
    /// </remarks>
    /// <exception cref="NodeExistsException">
    /// There is a member of that name: wait for its end, or choose another name.
    /// </exception>
    /// <exception cref="ConnectionLossException">
    /// The connection broke, and the ACLs do not let this client read whether it has become a member.
    /// </exception>
    /// <exception cref="SessionExpiredException">The session is over; it is no member.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client join.</exception>
    /// <exception cref="ArgumentException">The name is not one component of a path.</exception>
    public Task<Hold> JoinAsync(string name, byte[]? data = null, CancellationToken cancellation = default) =>
        MeasuredHold.WaitAsync(
            zab, "group", _path, (Zab: zab, Path: Paths.Child(_path, Paths.CheckName(name)), Data: data ?? []),
            static async Task<Hold> (joining, cancelled) =>
                await NameHold.TakeAsync(joining.Zab, joining.Path, joining.Data, cancelled).ConfigureAwait(false),
            cancellation);

    /// <summary>Says something else of oneself.</summary>
    /// <param name="membership">What <see cref="JoinAsync"/> gave.</param>
    /// <param name="data">What to say.</param>
    /// <param name="cancellation">Stops the waiting; it may still be said.</param>
    /// <exception cref="NoNodeException">
    /// No member any more; whoever has the name now is left alone.
    /// </exception>
    /// <exception cref="ConnectionLossException">It may have been said: say it again.</exception>
    /// <exception cref="SessionExpiredException">The session is over; it is no member any more.</exception>
    public async Task UpdateAsync(Hold membership, byte[] data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(membership);
        var (path, token) = (membership.Path, membership.FencingToken);
        while (true)
        {
            var own = await NameHold.FindOwnAsync(zab, path, token, cancellation).ConfigureAwait(false)
                ?? throw new NoNodeException(path);
            try
            {
                await zab.SetDataAsync(path, data, own.Version, cancellation).ConfigureAwait(false);
                return;
            }
            catch (BadVersionException)
            {
                // Said at the same time as something else: the last one counts.
            }
        }
    }

    /// <summary>The members, in ordinal order of their names.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async Task<IReadOnlyList<GroupMember>> GetMembersAsync(CancellationToken cancellation = default)
    {
        var list = await zab.CallAsync(new GetChildren(_path), cancellation).ConfigureAwait(false);
        if (list is ErrorReply { Error: ZabError.NoNode }) return [];
        var names = ZabClient.Expect<ChildrenReply>(list, _path).Names;
        return await ReadAsync(names, watch: false, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// The members as they are now, and again whenever one has come, gone, or said something else of itself.
    /// </summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async IAsyncEnumerable<IReadOnlyList<GroupMember>> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var listener = zab.Hub.Listen(_path, recursive: true);
        List<(string, long, long)>? last = null;
        while (true)
        {
            var members = await ReadWatchedAsync(cancellation).ConfigureAwait(false);
            var state = members.Members.Zip(members.Versions, static (member, version) =>
                (member.Name, member.FencingToken, version)).ToList();
            if (last is null || !last.SequenceEqual(state))
            {
                last = state;
                yield return members.Members;
            }
            await listener.NextAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task<(IReadOnlyList<GroupMember> Members, IReadOnlyList<long> Versions)> ReadWatchedAsync(
        CancellationToken cancellation)
    {
        var children = await zab.ReadWatchedAsync<ChildrenReply>(new GetChildren(_path, Watch: true), cancellation)
            .ConfigureAwait(false);
        if (children is null) return ([], []);
        var versions = new List<long>();
        return (await ReadAsync(children.Names, watch: true, cancellation, versions).ConfigureAwait(false), versions);
    }

    private async Task<IReadOnlyList<GroupMember>> ReadAsync(
        IReadOnlyList<string> names, bool watch, CancellationToken cancellation, List<long>? versions = null)
    {
        // All at once: they travel together.
        var reading = names.Select(name =>
            zab.CallAsync(new GetData(Paths.Child(_path, name), watch), cancellation)).ToArray();
        var members = new List<GroupMember>(names.Count);
        for (var i = 0; i < reading.Length; i++)
        {
            var reply = await reading[i].ConfigureAwait(false);
            if (reply is ErrorReply { Error: not ZabError.NoNode } error) throw ZabException.For(error.Error, _path);
            if (reply is not DataReply data) continue; // gone in between
            members.Add(new GroupMember(names[i], data.Data ?? [], data.Stat.CreatedZxid));
            versions?.Add(data.Stat.ModifiedZxid);
        }
        return members;
    }
}
