using Akka.Actor.Internal;
using Akka.Serialization;

namespace Akka.Actor;

/// <summary>Makes references and resolves paths: for one process, or for one of a network.</summary>
public interface IActorRefProvider
{
    /// <summary>The root guardian: parent of /user and /system.</summary>
    IInternalActorRef RootGuardian { get; }

    LocalActorRef Guardian { get; }

    LocalActorRef SystemGuardian { get; }

    IActorRef DeadLetters { get; }

    IActorRef IgnoreRef { get; }

    ActorPath RootPath { get; }

    Settings Settings { get; }

    Deployer Deployer { get; }

    IInternalActorRef TempContainer { get; }

    /// <summary>Ends when the root guardian has ended.</summary>
    Task TerminationTask { get; }

    /// <summary>The address that references carry when nothing else is known of their receiver.</summary>
    Address DefaultAddress { get; }

    Information SerializationInformation { get; }

    void Init(ActorSystemImpl system);

    IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService,
        Deploy? deploy, bool lookupDeploy, bool async);

    IActorRef ResolveActorRef(string path);

    IActorRef ResolveActorRef(ActorPath actorPath);

    IActorRef RootGuardianAt(Address address);

    /// <summary>A path for someone who only waits for an answer.</summary>
    ActorPath TempPath();

    void RegisterTempActor(IInternalActorRef actorRef, ActorPath path);

    void UnregisterTempActor(ActorPath path);

    FutureActorRef<T> CreateFutureRef<T>(TaskCompletionSource<T> tcs);

    /// <summary>The own address as the given one can reach it; null if it cannot.</summary>
    Address? GetExternalAddressFor(Address address);
}
