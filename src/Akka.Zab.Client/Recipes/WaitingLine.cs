using System.Globalization;

namespace Akka.Zab.Client.Recipes;

/// <summary>A place in a line: an ephemeral sequential znode.</summary>
/// <param name="Name">The name of the znode: kind, a unique id, and the place.</param>
/// <param name="Kind">What it waits for.</param>
/// <param name="Place">The earlier, the smaller.</param>
internal sealed record Ticket(string Name, string Kind, int Place)
{
    /// <summary>The ticket of that name, or null if it is none.</summary>
    public static Ticket? Parse(string name)
    {
        var dash = name.LastIndexOf('-');
        // A counter that has run over is negative: then the dash is its sign.
        if (dash > 0 && name[dash - 1] == '-') dash--;
        var kind = name.IndexOf('-', StringComparison.Ordinal);
        return kind > 0 && dash > kind
            && int.TryParse(
                name.AsSpan(dash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var place)
            ? new Ticket(name, name[..kind], place)
            : null;
    }
}

/// <summary>A line at some time.</summary>
/// <param name="Line">The tickets, in order of their places.</param>
/// <param name="Stat">The stat of the znode that they are in.</param>
internal readonly record struct LineState(IReadOnlyList<Ticket> Line, Stat Stat)
{
    /// <summary>Whether a ticket is in it.</summary>
    public bool Has(Ticket ticket)
    {
        foreach (var other in Line)
            if (other.Name == ticket.Name) return true;
        return false;
    }
}

/// <summary>
/// A line of clients that wait for their turn. Each watches only the one ticket that it waits for, so when one leaves,
/// one is woken and not the whole herd.
/// </summary>
/// <param name="zab">The client.</param>
/// <param name="path">The znode that the tickets are in; a container, made when needed.</param>
internal sealed class WaitingLine(ZabClient zab, string path)
{
    /// <summary>
    /// Whom a ticket waits for: one of the tickets, which are in order of their places; null for nobody.
    /// </summary>
    public delegate Ticket? Rule(IReadOnlyList<Ticket> line, Ticket mine);

    public string Path => path;

    /// <summary>
    /// Takes a ticket. Whatever breaks meanwhile, no ticket is left behind that nobody knows of: its name has an id by
    /// which it is found again.
    /// </summary>
    /// <returns>The ticket, and the zxid of the transaction that created it.</returns>
    public async Task<(Ticket Ticket, long Zxid)> JoinAsync(
        string kind, byte[] data, CancellationToken cancellation)
    {
        // The request is not taken back when the caller stops waiting, so the ticket is, when it comes.
        var joining = JoinAsync(kind, data);
        try
        {
            return await joining.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = LeaveLaterAsync(joining);
            throw;
        }
    }

    /// <summary>Takes a ticket whose turn it is at once; null if there is none.</summary>
    public async Task<(Ticket Ticket, long Zxid)?> TryJoinAsync(
        string kind, Rule rule, CancellationToken cancellation)
    {
        var (ticket, zxid) = await JoinAsync(kind, [], cancellation).ConfigureAwait(false);
        try
        {
            var line = await ReadAsync(cancellation).ConfigureAwait(false);
            if (line.Any(other => other.Name == ticket.Name) && rule(line, ticket) is null) return (ticket, zxid);
        }
        catch
        {
            _ = LeaveAsync(ticket);
            throw;
        }
        await LeaveAsync(ticket).ConfigureAwait(false);
        return null;
    }

    /// <summary>The tickets, in order of their places.</summary>
    public async Task<IReadOnlyList<Ticket>> ReadAsync(CancellationToken cancellation) =>
        (await LookAsync(cancellation).ConfigureAwait(false)).Line;

    /// <summary>The tickets, in order of their places; none also when the line itself is gone.</summary>
    public async Task<IReadOnlyList<Ticket>> TryReadAsync(CancellationToken cancellation)
    {
        var reply = await zab.CallAsync(new GetChildren(path), cancellation).ConfigureAwait(false);
        return reply is ErrorReply { Error: ZabError.NoNode }
            ? []
            : Order(ZabClient.Expect<ChildrenReply>(reply, path).Names);
    }

    /// <summary>The tickets and the stat of the line's znode, of one time.</summary>
    public async Task<LineState> LookAsync(CancellationToken cancellation)
    {
        var children = await zab.GetChildrenAsync(path, false, cancellation).ConfigureAwait(false);
        return new LineState(Order(children.Names), children.Stat);
    }

    /// <summary>Gives a ticket back.</summary>
    public Task LeaveAsync(Ticket ticket) => Hold.DeleteAsync(zab, PathOf(ticket));

    public string PathOf(Ticket ticket) => Paths.Child(path, ticket.Name);

    /// <summary>
    /// Waits until it is this ticket's turn; if the caller stops waiting, or it fails, the ticket is given back.
    /// </summary>
    /// <returns>The line in which it was its turn.</returns>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.SessionExpired"/>: the session is over; <see cref="ZabError.NoNode"/>: somebody deleted the
    /// ticket.
    /// </exception>
    public async Task<LineState> WaitAsync(Ticket mine, Rule rule, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var state = await LookAsync(cancellation).ConfigureAwait(false);
                if (!state.Has(mine))
                    throw ZabException.For(ZabError.NoNode, PathOf(mine));
                if (rule(state.Line, mine) is { } before)
                {
                    await GoneAsync(zab, PathOf(before), cancellation).ConfigureAwait(false);
                    continue;
                }
                await Hold.EnsureAliveAsync(zab, cancellation).ConfigureAwait(false);
                return state;
            }
        }
        catch
        {
            // Whoever waits no longer must not be waited for.
            _ = LeaveAsync(mine);
            throw;
        }
    }

    /// <summary>Waits until a znode that will not come again has changed, at once if it is gone.</summary>
    internal static async Task GoneAsync(ZabClient zab, string at, CancellationToken cancellation)
    {
        using var listener = zab.Hub.Listen(at);
        // Not Exists: of a znode that is gone already that would leave a watch for ever.
        var reply = await zab.CallAsync(new GetData(at, Watch: true), cancellation).ConfigureAwait(false);
        if (reply is ErrorReply { Error: not ZabError.NoNode } error) throw ZabException.For(error.Error, at);
        if (reply is DataReply) await listener.NextAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<(Ticket, long)> JoinAsync(string kind, byte[] data)
    {
        var id = Guid.NewGuid().ToString("N");
        while (true)
        {
            try
            {
                var created = await zab.CreateAsync(
                    $"{path}/{kind}-{id}-", data, CreateMode.EphemeralSequential).ConfigureAwait(false);
                return (Ticket.Parse(created.Path[(path.Length + 1)..])!, created.Stat.CreatedZxid);
            }
            catch (ZabException e) when (e.Error == ZabError.NoNode)
            {
                await zab.CreatePathAsync(path, CreateMode.Container).ConfigureAwait(false);
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                if (await FindAsync(id).ConfigureAwait(false) is { } found) return found;
            }
        }
    }

    private async Task<(Ticket, long)?> FindAsync(string id)
    {
        // The next server may be behind the one that took the request.
        await zab.SyncAsync().ConfigureAwait(false);
        try
        {
            foreach (var ticket in await ReadAsync(default).ConfigureAwait(false))
            {
                if (ticket.Name.Contains(id, StringComparison.Ordinal)
                    && await zab.ExistsAsync(PathOf(ticket)).ConfigureAwait(false) is { } stat)
                    return (ticket, stat.CreatedZxid);
            }
        }
        catch (ZabException e) when (e.Error == ZabError.NoNode)
        {
            // Not even the line is there.
        }
        return null;
    }

    private async Task LeaveLaterAsync(Task<(Ticket Ticket, long)> joining)
    {
        try
        {
            await LeaveAsync((await joining.ConfigureAwait(false)).Ticket).ConfigureAwait(false);
        }
        catch (ZabException)
        {
            // The session is over, and the ticket with it.
        }
    }

    /// <summary>The tickets among these names, in order of their places.</summary>
    internal static IReadOnlyList<Ticket> Order(IEnumerable<string> names)
    {
        var line = names.Select(Ticket.Parse).OfType<Ticket>().ToList();
        // The counter may have run over between two of them: then the difference says which is earlier.
        line.Sort(static (a, b) => unchecked(a.Place - b.Place));
        return line;
    }
}
