using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Where an actor lives.</summary>
public abstract class Scope : IEquatable<Scope>
{
    public abstract Scope WithFallback(Scope other);

    public abstract Scope Copy();

    public virtual bool Equals(Scope? other) => other is not null && GetType() == other.GetType();
}

/// <summary>In this process.</summary>
public class LocalScope : Scope
{
    LocalScope()
    {
    }

    public static LocalScope Instance { get; } = new();

    public override Scope WithFallback(Scope other) => Instance;

    public override Scope Copy() => Instance;
}

/// <summary>What can be said about an actor besides how it is made: dispatcher, mailbox, size of its stash.</summary>
public class Deploy : IEquatable<Deploy>
{
    public static readonly string NoDispatcherGiven = "";

    public static readonly string NoMailboxGiven = "";

    public static readonly int NoStashSize = -1;

    public static readonly Scope NoScopeGiven = null!;

    public static readonly Deploy Local = new(LocalScope.Instance);

    public static readonly Deploy None = Local;

    public Deploy()
        : this("", NoScopeGiven)
    {
    }

    public Deploy(Scope scope)
        : this("", scope)
    {
    }

    public Deploy(string path, Scope scope)
        : this(path, Config.Empty, scope, NoDispatcherGiven, NoMailboxGiven, NoStashSize)
    {
    }

    internal Deploy(string path, Config config, Scope scope, string dispatcher, string mailbox, int stashCapacity)
    {
        Path = path;
        Config = config;
        Scope = scope;
        Dispatcher = dispatcher;
        Mailbox = mailbox;
        StashCapacity = stashCapacity;
    }

    public string Path { get; }

    public Config Config { get; }

    public Scope Scope { get; }

    public string Dispatcher { get; }

    public string Mailbox { get; }

    public int StashCapacity { get; }

    public virtual Deploy WithFallback(Deploy other) => new(
        Path,
        Config.Equals(Config.Empty) ? other.Config : Config,
        Scope ?? other.Scope,
        Dispatcher == NoDispatcherGiven ? other.Dispatcher : Dispatcher,
        Mailbox == NoMailboxGiven ? other.Mailbox : Mailbox,
        StashCapacity == NoStashSize ? other.StashCapacity : StashCapacity);

    public virtual Deploy WithScope(Scope scope) => new(Path, Config, scope, Dispatcher, Mailbox, StashCapacity);

    public virtual Deploy WithDispatcher(string dispatcher) =>
        new(Path, Config, Scope, dispatcher, Mailbox, StashCapacity);

    public virtual Deploy WithMailbox(string mailbox) => new(Path, Config, Scope, Dispatcher, mailbox, StashCapacity);

    public virtual Deploy WithStashCapacity(int stashSize) => new(Path, Config, Scope, Dispatcher, Mailbox, stashSize);

    public bool Equals(Deploy? other) => other is not null && Path == other.Path && Dispatcher == other.Dispatcher
        && Mailbox == other.Mailbox && StashCapacity == other.StashCapacity && Equals(Scope, other.Scope);

}
