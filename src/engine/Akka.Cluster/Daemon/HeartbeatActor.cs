using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Daemon;

/// <summary>
/// Asks the neighbours for signs of life, and gives them. An actor of its own, so that an answer never waits for
/// other work of the cluster.
/// </summary>
internal sealed class HeartbeatActor : UntypedActor
{
    public const string Name = "cluster-heartbeat";

    private readonly Cluster _cluster;
    private readonly ICancelable _timer;
    private readonly Dictionary<UniqueAddress, IActorRef> _monitored = [];
    private long _number;

    public HeartbeatActor(Cluster cluster)
    {
        _cluster = cluster;
        var settings = cluster.Settings;
        _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            TimeSpan.FromTicks(Math.Min(settings.PeriodicTasksInitialDelay.Ticks, settings.HeartbeatInterval.Ticks)),
            settings.HeartbeatInterval, Self, Tick.Instance, Self);
    }

    protected override void PostStop() => _timer.Cancel();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Heartbeat heartbeat:
                Sender.Tell(new HeartbeatAnswer(_cluster.SelfUniqueAddress, heartbeat.Number));
                break;
            case HeartbeatAnswer answer:
                if (_monitored.ContainsKey(answer.From)) _cluster.FailureDetector.Heartbeat(answer.From.Address);
                break;
            case Tick:
                Ask();
                break;
            case Watched watched:
                Watch(watched.Nodes);
                break;
            case ExpectedFirst expected:
                // A node that never answers must be found unreachable too, so its clock starts without an answer.
                if (_monitored.ContainsKey(expected.Node) &&
                    !_cluster.FailureDetector.IsMonitoring(expected.Node.Address))
                    _cluster.FailureDetector.Heartbeat(expected.Node.Address);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask()
    {
        _number++;
        foreach (var actor in _monitored.Values) actor.Tell(new Heartbeat(_cluster.SelfAddress, _number), Self);
    }

    private void Watch(IReadOnlyCollection<UniqueAddress> nodes)
    {
        foreach (var gone in _monitored.Keys.Except(nodes).ToArray())
        {
            _monitored.Remove(gone);
            if (nodes.All(n => !n.Address.Equals(gone.Address))) _cluster.FailureDetector.Remove(gone.Address);
        }
        foreach (var node in nodes)
        {
            if (_monitored.ContainsKey(node)) continue;
            _cluster.FailureDetector.Remove(node.Address);
            _monitored[node] = _cluster.System.Provider.ResolveActorRef(
                new RootActorPath(node.Address) / "system" / Name);
            Context.System.Scheduler.ScheduleTellOnce(
                _cluster.Settings.HeartbeatExpectedResponseAfter, Self, new ExpectedFirst(node), Self);
        }
    }

    /// <summary>The nodes to ask from now on.</summary>
    public sealed record Watched(IReadOnlyCollection<UniqueAddress> Nodes);

    private sealed record ExpectedFirst(UniqueAddress Node);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
