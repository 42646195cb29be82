using Akka.Actor;

namespace Akka.Zab.Simulation.Machines;

/// <summary>Makes an actor that the world wants to look into.</summary>
internal sealed class ActorMaker(Type type, Func<ActorBase> make) : IIndirectActorProducer
{
    public Type ActorType => type;

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
    }

    public static Props Props<T>(Func<T> make)
        where T : ActorBase => Actor.Props.CreateBy(new ActorMaker(typeof(T), make));
}

/// <summary>
/// Stands before an actor: what is told to it is shown first to somebody who may replace it, or keep it by returning
/// null. The message goes on within the same step.
/// </summary>
internal sealed class WatchedRef(IInternalActorRef target, Func<object, object?> show) : MinimalActorRef
{
    public override ActorPath Path => target.Path;

    public override IActorRefProvider Provider => target.Provider;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (show(message) is { } shown)
            target.Tell(shown, sender);
    }
}
