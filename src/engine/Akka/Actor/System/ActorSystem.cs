using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// A tree of actors, with what they share: configuration, dispatchers, scheduler, event stream, log, extensions.
/// </summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    int _disposed;

    public abstract Settings Settings { get; }

    public abstract string Name { get; }

    public abstract Serialization.Serialization Serialization { get; }

    public abstract EventStream EventStream { get; }

    public abstract IActorRef DeadLetters { get; }

    public abstract IActorRef IgnoreRef { get; }

    public abstract Dispatchers Dispatchers { get; }

    public abstract Mailboxes Mailboxes { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract ILoggingAdapter Log { get; }

    /// <summary>
    /// Ends when the system has: all actors stopped, everything run that was registered for termination.
    /// </summary>
    public abstract Task WhenTerminated { get; }

    public abstract TimeSpan StartTime { get; }

    public abstract TimeSpan Uptime { get; }

    public static ActorSystem Create(string name, Config config) => Start(name, config, ActorSystemSetup.Empty);

    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <exception cref="ConfigurationException">Something in the configuration cannot be; the message says
    /// what.</exception>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = bootstrap.FlatSelect(b => b.Config).GetOrElse(ConfigurationFactory.Load());
        return Start(name,
            bootstrap.FlatSelect(b => b.ConfigFallback).Select(f => config.WithFallback(f)).GetOrElse(config), setup);
    }

    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    public abstract object RegisterExtension(IExtensionId extension);

    public abstract object GetExtension(IExtensionId extensionId);

    public abstract T GetExtension<T>() where T : class, IExtension;

    public abstract bool HasExtension(Type type);

    public abstract bool HasExtension<T>() where T : class, IExtension;

    public abstract bool TryGetExtension(Type extensionType, out object extension);

    public abstract bool TryGetExtension<T>(out T extension) where T : class, IExtension;

    /// <summary>Runs an action once all actors have ended, the last registered first.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Runs the coordinated shutdown, which stops all actors.</summary>
    public abstract Task Terminate();

    public abstract void Stop(IActorRef actor);

    /// <summary>Terminates, and waits until that is done: not for an actor to call.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Terminate().Wait();
        GC.SuppressFinalize(this);
    }

    static ActorSystemImpl Start(string name, Config config, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, config, setup, Util.Option<Props>.None);
        system.Start();
        return system;
    }
}

/// <summary>What extensions and the engine itself see of an actor system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    public abstract IActorRefProvider Provider { get; }

    public abstract IInternalActorRef Guardian { get; }

    public abstract IInternalActorRef LookupRoot { get; }

    public abstract IInternalActorRef SystemGuardian { get; }

    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();

    /// <summary>Stops all actors at once, without the coordinated shutdown.</summary>
    public abstract void Abort();

    internal abstract void StopLoggers();
}
