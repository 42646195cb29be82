using System.Text;

namespace Akka.Zab.Client.Recipes;

/// <summary>What was decided about a transaction.</summary>
public enum Decision
{
    /// <summary>Every participant does it.</summary>
    Commit,

    /// <summary>No participant does it.</summary>
    Abort,
}

/// <summary>
/// Two-phase commit among participants that may die at any time, and nobody waits for the dead: the decision is a
/// znode, created once, by whoever sees first that it is due. Who began the transaction is not needed any more.
/// </summary>
/// <remarks>
/// A participant that has voted yes must keep, durably, what it takes to do it and to undo it, until it has the
/// decision; after a restart it asks again by voting again. Every participant gets the same decision.
/// </remarks>
/// <param name="zab">The client.</param>
/// <param name="path">A znode for these transactions alone; created when missing.</param>
/// <param name="time">The clock that measures patience; null for the system's.</param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabTwoPhaseCommit(ZabClient zab, string path, TimeProvider? time = null)
{
    private readonly string _path = Paths.Check(path);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Begins a transaction: from now on its participants may vote.</summary>
    /// <param name="id">Its name, unique among all transactions ever; one component of a path.</param>
    /// <param name="participants">Their names; at least one, none twice, no line breaks.</param>
    /// <param name="data">What it is about, for the participants to read.</param>
    /// <param name="cancellation">Stops the waiting; it may have begun.</param>
    /// <exception cref="ArgumentException">The participants are not as they should be.</exception>
    /// <exception cref="ZabMultiException">
    /// It has not begun: there is one of that name (<see cref="ZabError.NodeExists"/>), or the ACLs do not permit it
    /// (<see cref="ZabError.NoAuth"/>).
    /// </exception>
    /// <exception cref="ConnectionLossException">
    /// Whether it has begun is not known; <see cref="AbortAsync"/> settles that.
    /// </exception>
    /// <exception cref="SessionExpiredException">The session is over, and it has not begun.</exception>
    /// <exception cref="NoAuthException">
    /// The ACLs do not let this client create the znode of the transactions.
    /// </exception>
    public async Task BeginAsync(
        string id, IReadOnlyCollection<string> participants, byte[] data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(participants);
        if (participants.Count == 0 || participants.Distinct(StringComparer.Ordinal).Count() != participants.Count
            || participants.Any(static name => name.Length == 0 || name.Contains('\n', StringComparison.Ordinal)))
        {
            throw new ArgumentException("A transaction needs participants with different names.", nameof(participants));
        }
        await zab.CreatePathAsync(_path, CreateMode.Persistent, cancellation).ConfigureAwait(false);
        var names = Encoding.UTF8.GetBytes(string.Join('\n', participants));
        await zab.MultiAsync([
            new Create(At(id), data, Acl.Open),
            new Create(At(id) + "/participants", names, Acl.Open),
            new Create(At(id) + "/votes", [], Acl.Open),
        ], cancellation).ConfigureAwait(false);
    }

    /// <summary>What a transaction is about; null if there is none of that name.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async Task<byte[]?> GetDataAsync(string id, CancellationToken cancellation = default)
    {
        var reply = await zab.CallAsync(new GetData(At(id)), cancellation).ConfigureAwait(false);
        return reply is ErrorReply { Error: not ZabError.NoNode } error
            ? throw ZabException.For(error.Error, At(id))
            : (reply as DataReply)?.Data;
    }

    /// <summary>
    /// Votes, and waits for the decision. To vote again, after a restart, is no error; the first vote counts.
    /// </summary>
    /// <param name="id">The transaction.</param>
    /// <param name="participant">Who votes.</param>
    /// <param name="yes">Whether this participant can do it, and will if the others can.</param>
    /// <param name="patience">How long to wait for the others' votes before the transaction is aborted.</param>
    /// <param name="cancellation">Stops the waiting; the vote stands.</param>
    /// <remarks>A lost connection is no failure: it goes on over the next one.</remarks>
    /// <exception cref="ArgumentException">The transaction has no such participant.</exception>
    /// <exception cref="NoNodeException">There is no such transaction.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over; the vote may be cast, and may be cast again by a new client.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client vote.</exception>
    public async Task<Decision> VoteAsync(
        string id, string participant, bool yes, TimeSpan patience, CancellationToken cancellation = default)
    {
        var participants = await ParticipantsAsync(id, cancellation).ConfigureAwait(false);
        var me = Array.IndexOf(participants, participant);
        if (me < 0)
            throw new ArgumentException($"Transaction {id} has no participant {participant}.", nameof(participant));
        var vote = yes ? "yes"u8.ToArray() : "no"u8.ToArray();
        await CreateOnceAsync($"{At(id)}/votes/{me}", vote, cancellation).ConfigureAwait(false);
        return await DecideAsync(id, participants.Length, patience, cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits for the decision without a vote: for the one who began it.</summary>
    /// <param name="id">The transaction.</param>
    /// <param name="patience">How long to wait for votes before the transaction is aborted.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <remarks>A lost connection is no failure: it goes on over the next one.</remarks>
    /// <exception cref="NoNodeException">There is no such transaction.</exception>
    /// <exception cref="SessionExpiredException">The session is over; wait with a new client.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it, or decide.</exception>
    public async Task<Decision> WaitAsync(string id, TimeSpan patience, CancellationToken cancellation = default)
    {
        var participants = await ParticipantsAsync(id, cancellation).ConfigureAwait(false);
        return await DecideAsync(id, participants.Length, patience, cancellation).ConfigureAwait(false);
    }

    /// <summary>Aborts, unless it is decided already.</summary>
    /// <param name="id">The transaction.</param>
    /// <param name="cancellation">Stops the waiting; it may have been aborted.</param>
    /// <returns>What was decided.</returns>
    /// <remarks>A lost connection is no failure: it goes on over the next one.</remarks>
    /// <exception cref="NoNodeException">There is no such transaction.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over; it may be aborted: ask again with a new client.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it, or decide.</exception>
    public Task<Decision> AbortAsync(string id, CancellationToken cancellation = default) =>
        SettleAsync(id, Decision.Abort, cancellation);

    /// <summary>
    /// Forgets a transaction; to be called when every participant has done or undone it, as none can ask any more.
    /// </summary>
    /// <param name="id">The transaction.</param>
    /// <param name="cancellation">Stops it half done.</param>
    /// <remarks>After a lost connection it goes on over the next one; what is gone already is no error.</remarks>
    /// <exception cref="InvalidOperationException">It is not decided yet.</exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over, and some of it may be forgotten: call it again with a new client.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client delete it.</exception>
    public async Task ForgetAsync(string id, CancellationToken cancellation = default)
    {
        if (await zab.ExistsAsync(At(id), false, cancellation).ConfigureAwait(false) is null) return;
        if (await ReadDecisionAsync(id, cancellation).ConfigureAwait(false) is null)
            throw new InvalidOperationException($"Transaction {id} is not decided yet.");
        await zab.DeleteTreeAsync(At(id), cancellation).ConfigureAwait(false);
    }

    private async Task<Decision> DecideAsync(
        string id, int participants, TimeSpan patience, CancellationToken cancellation)
    {
        using var impatience = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, impatience.Token);
        using var decided = zab.Hub.Listen(At(id) + "/decision");
        using var voted = zab.Hub.Listen(At(id) + "/votes");
        try
        {
            while (true)
            {
                if (await ReadDecisionAsync(id, either.Token).ConfigureAwait(false) is { } decision) return decision;
                if (await CountAsync(id, participants, either.Token).ConfigureAwait(false) is { } due)
                    return await SettleAsync(id, due, cancellation).ConfigureAwait(false);
                await WatchListener.EitherAsync(decided, voted, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return await SettleAsync(id, Decision.Abort, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What the votes come to; null if that is open.</summary>
    private async Task<Decision?> CountAsync(string id, int participants, CancellationToken cancellation)
    {
        var list = new GetChildren(At(id) + "/votes", Watch: true);
        var reply = await zab.CallAsync(list, cancellation).ConfigureAwait(false);
        var votes = ZabClient.Expect<ChildrenReply>(reply, At(id));
        foreach (var vote in votes.Names)
        {
            var data = await zab.GetDataAsync($"{At(id)}/votes/{vote}", false, cancellation).ConfigureAwait(false);
            if (!data.Data.AsSpan().SequenceEqual("yes"u8)) return Decision.Abort;
        }
        return votes.Names.Count == participants ? Decision.Commit : null;
    }

    // Whoever comes first decides; for a commit all votes are there and cannot be taken back, so the order of the two
    // does not matter.
    private async Task<Decision> SettleAsync(string id, Decision decision, CancellationToken cancellation)
    {
        var word = decision == Decision.Commit ? "commit"u8.ToArray() : "abort"u8.ToArray();
        await CreateOnceAsync(At(id) + "/decision", word, cancellation).ConfigureAwait(false);
        await zab.SyncAsync(cancellation).ConfigureAwait(false);
        return await ReadDecisionAsync(id, cancellation).ConfigureAwait(false)
            ?? throw ZabException.For(ZabError.NoNode, At(id) + "/decision");
    }

    private async Task<Decision?> ReadDecisionAsync(string id, CancellationToken cancellation)
    {
        var at = At(id) + "/decision";
        var reply = await zab.CallAsync(new Exists(at, Watch: true), cancellation).ConfigureAwait(false);
        if (reply is ErrorReply { Error: ZabError.NoNode }) return null;
        if (reply is ErrorReply error) throw ZabException.For(error.Error, at);
        var data = await zab.GetDataAsync(at, false, cancellation).ConfigureAwait(false);
        return data.Data.AsSpan().SequenceEqual("commit"u8) ? Decision.Commit : Decision.Abort;
    }

    private async Task<string[]> ParticipantsAsync(string id, CancellationToken cancellation)
    {
        await zab.SyncAsync(cancellation).ConfigureAwait(false);
        var data = await zab.GetDataAsync(At(id) + "/participants", false, cancellation).ConfigureAwait(false);
        return Encoding.UTF8.GetString(data.Data!).Split('\n');
    }

    private async Task CreateOnceAsync(string at, byte[] data, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await zab.CreateAsync(at, data, CreateMode.Persistent, null, cancellation).ConfigureAwait(false);
                return;
            }
            catch (ZabException e) when (e.Error == ZabError.NodeExists)
            {
                return;
            }
            catch (ZabException e) when (e.Error == ZabError.ConnectionLoss)
            {
                // Created or not: to try again tells.
            }
        }
    }

    private string At(string id) => Paths.Child(_path, id);
}
