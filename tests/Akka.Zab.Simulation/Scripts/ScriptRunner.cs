using System.Globalization;
using System.Text;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>Takes the steps of a script on a <see cref="Stage"/>. What the steps mean stands in the README.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private Stage? stage;

    private Stage Stage => stage ?? throw new FormatException("the first step says how many servers there are");

    public IEnumerable<string> Take(string command)
    {
        var text = command;
        var notable = Cut(ref text, ", in brief");
        var detailed = Cut(ref text, ", in detail");
        var words = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (words is ["servers", ..])
        {
            stage = Begin(words);
            return [];
        }

        if (words is ["show", ..])
            return Show(words[1..]);
        if (words is ["journal", var server])
            return Stage.Disk(Number(server)).Rows.Select(row => $"  {ScriptText.Of(row)}");
        Stage.TakeTrace(notable: true);
        Take(words);
        return Stage.TakeTrace(notable || (!detailed && words[0] is "settle" or "run"));
    }

    public void Dispose() => stage?.Dispose();

    private static bool Cut(ref string text, string ending)
    {
        if (!text.EndsWith(ending, StringComparison.Ordinal))
            return false;
        text = text[..^ending.Length];
        return true;
    }

    private static Stage Begin(string[] words)
    {
        var options = new StageOptions();
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            var value = words[i + 1];
            options = words[i] switch
            {
                "servers" => options with { Voters = Number(value) },
                "observers" => options with { Observers = Number(value) },
                "spares" => options with { Spares = Number(value) },
                "weights" => options with { Weights = Numbers(value) },
                "groups" => options with { Groups = Numbers(value) },
                "history-in-memory" =>
                    options with { Settings = options.Settings with { HistoryInMemory = Number(value) } },
                "batches-under-way" =>
                    options with { Settings = options.Settings with { MaxOutstandingBatches = Number(value) } },
                "transactions-per-epoch" =>
                    options with { Settings = options.Settings with { LastCounter = (uint)Number(value) } },
                _ => throw new FormatException($"'{words[i]}' is nothing that can be set"),
            };
        }

        return new Stage(options);
    }

    private void Take(string[] words)
    {
        switch (words)
        {
            case ["server", var id, "has", .. var state]:
                Give(Number(id), state);
                break;
            case ["start", .. var ids]:
                Stage.Start([.. ids.Select(Number)]);
                break;
            case ["crash", var id]:
                Stage.Crash(Number(id));
                break;
            case ["stop", var id]:
                Stage.Stop(Number(id));
                break;
            case ["wipe", var id]:
                Stage.Disk(Number(id)).Wipe();
                break;
            case ["deliver", "all", var from, "->", var to]:
                Stage.DeliverAll(Number(from), Number(to));
                break;
            case ["deliver", var from, "->", var to]:
                Stage.Deliver(Number(from), Number(to));
                break;
            case ["deliver", var from, "->", var to, "until", var what]:
                Stage.DeliverUntil(Number(from), Number(to), what);
                break;
            case ["lose", var from, "->", var to]:
                Stage.Lose(Number(from), Number(to));
                break;
            case ["lose", "all", var from, "->", var to]:
                Stage.LoseAll(Number(from), Number(to));
                break;
            case ["delay", var from, "->", var to]:
                Stage.Delay(Number(from), Number(to));
                break;
            case ["duplicate", var from, "->", var to]:
                Stage.Duplicate(Number(from), Number(to));
                break;
            case ["disk", var id]:
                Stage.Flush(Number(id));
                break;
            case ["disk", var id, "unheard"]:
                Stage.Flush(Number(id), heard: false);
                break;
            case ["stall" or "unstall", var id]:
                Stage.Stall(Number(id), words[0] == "stall");
                break;
            case ["settle"]:
                Stage.Settle();
                break;
            case ["wait", var time]:
                Stage.Wait(Time(time));
                break;
            case ["run", "until", var from, "->", var to, .. var what]:
                Stage.RunUntilSent(Number(from), Number(to), string.Join(' ', what));
                break;
            case ["run", "until", var id, "journals", .. var what]:
                Stage.RunUntilJournalled(Number(id), string.Join(' ', what));
                break;
            case ["run", var time]:
                Stage.Run(Time(time));
                break;
            case ["cut", var from, "->", var to]:
                Stage.Cut(Number(from), Number(to));
                break;
            case ["cut", var one, var other]:
                Stage.Cut(Number(one), Number(other));
                Stage.Cut(Number(other), Number(one));
                break;
            case ["heal"]:
                Stage.Heal();
                break;
            case ["disconnect", var at, "from", var other]:
                Stage.Unreachable(Number(at), Number(other));
                break;
            case ["client", var name, .. var request]:
                Client(Stage.Client(name), request);
                break;
            default:
                throw new FormatException("there is no such step");
        }
    }

    private void Give(int server, string[] words)
    {
        int accepted = 0, current = 0;
        var history = new List<string>();
        string committed = "0.0", snapshot = "0.0";
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "accepted":
                    accepted = Number(words[++i]);
                    break;
                case "current":
                    current = Number(words[++i]);
                    break;
                case "committed":
                    committed = words[++i];
                    break;
                case "snapshot":
                    snapshot = words[++i];
                    break;
                case "history":
                    while (i + 1 < words.Length && char.IsDigit(words[i + 1][0]))
                        history.Add(words[++i]);
                    break;
                default:
                    throw new FormatException($"'{words[i]}' is nothing that a server has");
            }
        }

        Stage.Give(server, accepted, current, [.. history], committed, snapshot);
    }

    private void Client(StageClient client, string[] words)
    {
        switch (words)
        {
            case ["connects", "to", var server]:
                client.Connect(Stage.Server(Number(server)));
                break;
            case ["leaves"]:
                client.Leave();
                break;
            case ["asks", .. var request]:
                client.Send(Request(request));
                break;
            default:
                throw new FormatException("a client connects to a server, leaves, or asks for something");
        }

        Stage.Look();
    }

    private static Request Request(string[] words) => words switch
    {
        ["create", "ephemeral", var path] => new Create(path, [], Acl.Open, CreateMode.Ephemeral),
        ["create", var path] => new Create(path, [], Acl.Open),
        ["create", var path, var data] => new Create(path, Encoding.UTF8.GetBytes(data), Acl.Open),
        ["set", var path, var data] => new SetData(path, Encoding.UTF8.GetBytes(data)),
        ["delete", var path] => new Delete(path),
        ["get", var path, .. var watch] => new GetData(path, watch is ["watching"]),
        ["list", var path, .. var watch] => new GetChildren(path, watch is ["watching"]),
        ["exists", var path, .. var watch] => new Exists(path, watch is ["watching"]),
        ["sync"] => new Sync("/"),
        ["ping"] => new Ping(),
        ["reconfig", "adding", var id] => new Reconfigure(Describe(id, MemberRole.Participant), null, null),
        ["reconfig", "adding", var id, "as", "observer"] =>
            new Reconfigure(Describe(id, MemberRole.Observer), null, null),
        ["reconfig", "removing", var id] => new Reconfigure(null, id, null),
        ["handover", "to", var id] => new TransferLeadership(Number(id)),
        ["close"] => new CloseSession(),
        _ => throw new FormatException("a client cannot ask for that"),
    };

    private static string Describe(string id, MemberRole role) =>
        $"server.{id}={EnsembleText.Spec(StageOptions.Describe(Number(id), role))}";

    /// <summary>What a server is, and what its disk holds.</summary>
    private IEnumerable<string> Show(string[] ids)
    {
        foreach (var server in Stage.Servers)
        {
            if (ids.Length > 0 && !ids.Contains(server.Id.ToString(CultureInfo.InvariantCulture)))
                continue;
            var state = Stage.Disk(server.Id).State;
            var history = Stage.Disk(server.Id).Rows.OfType<BatchAppended>().Any() || state.Snapshot.Number != 0
                ? $"history {History(state)}" : "no history";
            yield return $"  {server.Id} {Role(server)}; on disk: accepted epoch {state.AcceptedEpoch}, "
                + $"current epoch {state.CurrentEpoch}, {history}";
        }
    }

    private static string History(JournalState state)
    {
        var text = string.Join(' ', state.TakeBatches().Select(batch => ScriptText.Of(batch.LastZxid)));
        return state.Snapshot.Number == 0
            ? text : $"(snapshot of {ScriptText.Of(state.Snapshot.Zxid)}) {text}".TrimEnd();
    }

    private static string Role(StageServer server) => server.Ask() switch
    {
        null => "is down",
        { Role: ServerRole.Looking } => "is looking",
        { Role: ServerRole.Leading, Epoch: var epoch, LastCommitted: var committed } =>
            $"leads epoch {epoch}, committed {ScriptText.Of(committed)}",
        var status =>
            $"is {ScriptText.Of(status.Role)} {status.Leader}, committed {ScriptText.Of(status.LastCommitted)}",
    } + (server.IsUp && !server.Serves ? ", not serving" : "");

    private static int Number(string text) => int.TryParse(text, out var number)
        ? number : throw new FormatException($"'{text}' is no number");

    private static int[] Numbers(string text) => [.. text.Split(':').Select(Number)];

    private static TimeSpan Time(string text) => text.EndsWith("ms", StringComparison.Ordinal)
        ? TimeSpan.FromMilliseconds(Number(text[..^2]))
        : TimeSpan.FromSeconds(Number(text.TrimEnd('s')));
}
