using Akka.Actor;
using Akka.Event;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;

namespace Akka.Zab.Hosting;

/// <summary>
/// <c>/user/zab</c>: starts the actors of a member and knows them to each other. None of them is restarted: one that
/// fails has found something that must not be, and a server that may be wrong does not serve. Then all of them stop;
/// the process goes on.
/// </summary>
internal sealed class ZabSupervisor : UntypedActor
{
    private readonly ZabSettings _settings;
    private readonly MemberState _state;
    private readonly TaskCompletionSource<MemberActors> _started;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PeerDirectory _directory;
    private string? _failure;

    public ZabSupervisor(ZabSettings settings, MemberState state, TaskCompletionSource<MemberActors> started)
    {
        _settings = settings;
        _state = state;
        _started = started;
        _directory = new PeerDirectory((ExtendedActorSystem)Context.System, settings);
    }

    public static Props Props(ZabSettings settings, MemberState state, TaskCompletionSource<MemberActors> started) =>
        Actor.Props.Create(typeof(ZabSupervisor), settings, state, started);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        _failure ??= failure.Message;
        return Directive.Stop;
    });

    protected override void PreStart()
    {
        var replica = Start(ReplicaActor.Props(Wiring.Rules(_settings)), "replica");
        var history = Start(HistoryActor.Props(Wiring.History(_settings), replica), "history");
        var sessions = Start(SessionRegistry.Props(Wiring.Sessions(_settings), replica), "sessions");
        var peer = Start(Peer.Props(Wiring.Peer(_settings, _directory, history, replica, sessions)), "peer");
        var clients = Start(ClientGateway.Props(sessions), "clients");
        Start(Reachability.Props(peer, _directory.ServerAt, MemberSystem.IsClustered(Context.System)), "reachability");
        _started.SetResult(new MemberActors(peer, history, replica, sessions, clients));
    }

    protected override void PostStop()
    {
        _started.TrySetCanceled();
        _state.Stop(_failure);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ServingChanged changed:
                _state.Changed(changed);
                if (changed.Serving) WarmUp.Begin();
                break;
            case HistoryFailed failed:
                Fail(failed.Reason);
                break;
            case Terminated terminated:
                Fail($"The actor {terminated.ActorRef.Path.Name} has stopped.");
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private IActorRef Start(Props props, string name) =>
        Context.Watch(Context.ActorOf(props.WithDispatcher(ZabSettings.Dispatcher), name));

    private void Fail(string reason)
    {
        _failure ??= reason;
        _log.Error("This server stops: {0}", _failure);
        Context.Stop(Self);
    }
}
