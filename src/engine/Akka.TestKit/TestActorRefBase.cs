using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.TestKit.Internal;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>What references to actors under test have in common.</summary>
public abstract class TestActorRefBase<TActor> : ICanTell, IEquatable<IActorRef>, IInternalActorRef
    where TActor : ActorBase
{
    protected TestActorRefBase(
        ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null) =>
        InternalRef = InternalTestActorRef.Create(system, actorProps, supervisor, name);

    /// <summary>The reference by which others know the actor.</summary>
    public IActorRef Ref => InternalRef;

    /// <summary>The actor itself.</summary>
    public TActor UnderlyingActor => (TActor)InternalRef.UnderlyingActor;

    public ActorPath Path => InternalRef.Path;

    protected InternalTestActorRef InternalRef { get; }

    IActorRefProvider IInternalActorRef.Provider => InternalRef.Provider;

    IInternalActorRef IInternalActorRef.Parent => InternalRef.Parent;

    bool IInternalActorRef.IsTerminated => InternalRef.IsTerminated;

    bool IActorRefScope.IsLocal => InternalRef.IsLocal;

    public static IActorRef ToActorRef(TestActorRefBase<TActor> actorRef) => actorRef.InternalRef;

    public static bool operator ==(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) =>
        Same(testActorRef, actorRef);

    public static bool operator !=(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) =>
        !Same(testActorRef, actorRef);

    public static bool operator ==(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) =>
        Same(testActorRef, actorRef);

    public static bool operator !=(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) =>
        !Same(testActorRef, actorRef);

    /// <inheritdoc cref="InternalTestActorRef.Receive"/>
    public void Receive(object message, IActorRef? sender = null) => InternalRef.Receive(message, sender);

    /// <inheritdoc cref="InternalTestActorRef.ReceiveAsync"/>
    public Task ReceiveAsync(object message, IActorRef? sender = null) => InternalRef.ReceiveAsync(message, sender);

    public void Tell(object message) => InternalRef.Tell(message);

    public void Tell(object message, IActorRef? sender) => InternalRef.Tell(message, sender);

    public void Forward(object message) => InternalRef.Forward(message);

    /// <inheritdoc cref="InternalTestActorRef.Watch"/>
    public void Watch(IActorRef subject) => InternalRef.Watch(subject);

    public void Unwatch(IActorRef subject) => InternalRef.Unwatch(subject);

    public void SendSystemMessage(ISystemMessage message) => InternalRef.SendSystemMessage(message);

    public void SendSystemMessage(ISystemMessage message, IActorRef? sender) => InternalRef.SendSystemMessage(message);

    public bool Equals(IActorRef? other) => InternalRef.Equals(other);

    public override bool Equals(object? obj) => InternalRef.Equals(obj);

    public override int GetHashCode() => InternalRef.GetHashCode();

    public int CompareTo(object? obj) => ((IComparable)InternalRef).CompareTo(obj);

    public override string ToString() => InternalRef.ToString();

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => InternalRef.CompareTo(other);

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => InternalRef.ToSurrogate(system);

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => InternalRef.GetChild(name);

    void IInternalActorRef.Start() => InternalRef.Start();

    void IInternalActorRef.Suspend() => InternalRef.Suspend();

    void IInternalActorRef.Resume(Exception? causedByFailure) => InternalRef.Resume(causedByFailure);

    void IInternalActorRef.Restart(Exception cause) => InternalRef.Restart(cause);

    void IInternalActorRef.Stop() => InternalRef.Stop();

    private protected static bool Same(TestActorRefBase<TActor>? test, IActorRef? actor) =>
        test is null ? actor is null : test.Equals(actor);
}
