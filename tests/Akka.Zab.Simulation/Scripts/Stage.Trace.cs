using Akka.Actor;
using Akka.Event;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>What happened, a line for each thing, and what must hold whatever happens.</summary>
internal sealed partial class Stage
{
    private readonly List<(string Line, bool Notable)> trace = [];
    private readonly SortedDictionary<long, string> committed = [];
    private readonly Dictionary<int, (int Server, int Life)> leaders = [];

    /// <summary>The servers that have stopped because they found something wrong, and what.</summary>
    public List<(int Server, string Reason)> Failures { get; } = [];

    /// <summary>Everything that any server ever committed, by zxid.</summary>
    public IReadOnlyDictionary<long, string> AllCommitted => committed;

    /// <summary>What happened since this was last called.</summary>
    /// <param name="notable">Only what a reader looks for who is not interested in how.</param>
    public string[] TakeTrace(bool notable)
    {
        string[] lines = [.. trace.Where(entry => !notable || entry.Notable).Select(entry => entry.Line)];
        trace.Clear();
        return notable ? [.. lines.Select(line => line.TrimStart())] : lines;
    }

    /// <summary>All servers serve, and their trees are the same.</summary>
    public bool AllAreEqual => Array.TrueForAll(
        Servers, server => server.Serves && server.Tree.Digest() == Servers[0].Tree.Digest());

    /// <summary>Notes what has become of the servers without a step of theirs.</summary>
    internal void Look() => Step("", null, static _ => { });

    internal void Note(string line, bool notable = false) => trace.Add(("  " + line, notable));

    internal void Committed(StageServer server, TxnBatch[] batches)
    {
        var edit = server.Tree.Edit();
        foreach (var txn in batches.SelectMany(TxnCodec.Decode))
        {
            if (txn.Header.Zxid <= server.Tree.LastZxid)
                continue;
            edit.Apply(txn);
            Check(server, txn);
        }

        server.Tree = edit.Commit();
        var (first, last) = (batches[0].FirstZxid, batches[^1].LastZxid);
        Note(
            $"{server.Id} commits {ScriptText.Of(first)}{(first == last ? "" : $" to {ScriptText.Of(last)}")}",
            notable: true);
    }

    internal void Reset(StageServer server, ZnodeTree tree)
    {
        if (tree.LastZxid != 0)
            Note($"{server.Id} has the tree of {ScriptText.Of(tree.LastZxid)}", notable: true);
        server.Tree = tree;
    }

    internal void Serving(StageServer server, ServingChanged changed)
    {
        if (changed.Serving || server.Seen is { Serving: true })
        {
            Note(
                changed.Serving ? $"{server.Id} serves clients in epoch {changed.Epoch}"
                    : $"{server.Id} serves clients no longer", notable: true);
        }

        if (changed is not { Serving: true, Role: ServerRole.Leading })
            return;
        var self = (server.Id, server.Life);
        leaders.TryAdd(changed.Epoch, self);
        Assert.True(leaders[changed.Epoch] == self, $"epoch {changed.Epoch} has two leaders");
    }

    internal void Failed(StageServer server, string reason)
    {
        Failures.Add((server.Id, reason));
        Note($"{server.Id} FAILS: {reason}", notable: true);
    }

    /// <summary>
    /// The same zxid is the same transaction everywhere, and nobody commits one that others have left out.
    /// </summary>
    private void Check(StageServer server, LoggedTxn txn)
    {
        var zxid = txn.Header.Zxid;
        var content = $"{txn.Header.SessionId:x}/{txn.Header.RequestId:x} {txn.Body}";
        var isNew = committed.TryAdd(zxid, content);
        Assert.True(
            committed[zxid] == content, $"server {server.Id} commits something else as {ScriptText.Of(zxid)}");
        Assert.True(
            !isNew || committed.Keys.Last() == zxid, $"{ScriptText.Of(zxid)} was left out by others");
    }

    private void Step(string line, StageServer? at, Action<StageServer> action)
    {
        if (line.Length > 0)
            trace.Add((line, false));
        action(at!);
        foreach (var server in at is null ? Servers : [at])
            NoteRole(server);
    }

    private void NoteRole(StageServer server)
    {
        var before = server.Seen;
        var now = server.Ask();
        server.Seen = now;
        if (now is null || (now.Role == before?.Role && now.Leader == before.Leader))
            return;
        switch (now.Role)
        {
            case ServerRole.Leading:
                Note($"{server.Id} takes the lead", notable: true);
                break;
            case ServerRole.Following:
                Note($"{server.Id} follows {now.Leader}", notable: true);
                break;
            case ServerRole.Observing:
                Note($"{server.Id} observes {now.Leader}", notable: true);
                break;
        }
    }

    /// <summary>Hears the reasons that peers give for what they do.</summary>
    private sealed class LogActor(Stage stage) : UntypedActor
    {
        private static readonly string[] Told = ["looking for a leader", "lets go of"];

        protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(Info));

        protected override void OnReceive(object message)
        {
            if (message is not Info info || info.Message.ToString() is not { } text)
                return;
            var at = Array.FindIndex(Told, told => text.Contains(told, StringComparison.Ordinal));
            if (at < 0 || !text.StartsWith("Server ", StringComparison.Ordinal))
                return;
            var what = text["Server ".Length..].Replace(": looking", " is looking", StringComparison.Ordinal)
                .Replace(": lets", " lets", StringComparison.Ordinal);
            stage.Note(what, notable: true);
        }
    }
}
