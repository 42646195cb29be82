using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Configuration and provider of an actor system, given in code.</summary>
public class BootstrapSetup : Setup.Setup
{
    internal BootstrapSetup(Option<Config> config = default, Option<Config> fallback = default,
        Option<ProviderSelection> provider = default)
    {
        Config = config;
        ConfigFallback = fallback;
        ActorRefProvider = provider;
    }

    public Option<Config> Config { get; }

    public Option<ProviderSelection> ActorRefProvider { get; }

    internal Option<Config> ConfigFallback { get; }

    public static BootstrapSetup Create() => new();

    public BootstrapSetup WithConfig(Config config) => new(config, ConfigFallback, ActorRefProvider);

    public BootstrapSetup WithConfigFallback(Config config) => new(Config,
        ConfigFallback.HasValue ? ConfigFallback.Value.WithFallback(config) : config, ActorRefProvider);

    public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, ConfigFallback, name);
}

/// <summary>How references are made: for one process, a network, or a cluster.</summary>
public abstract class ProviderSelection
{
    internal ProviderSelection(string identifier, string fqn, bool hasCluster)
    {
        Identifier = identifier;
        Fqn = fqn;
        HasCluster = hasCluster;
    }

    internal string Identifier { get; }

    internal string Fqn { get; }

    internal bool HasCluster { get; }

    internal static ProviderSelection FromConfig(string provider) => provider switch
    {
        "local" => Local.Instance,
        "remote" => Remote.Instance,
        "cluster" => Cluster.Instance,
        _ when provider == Local.Instance.Fqn => Local.Instance,
        _ when provider == Remote.Instance.Fqn => Remote.Instance,
        _ when provider == Cluster.Instance.Fqn => Cluster.Instance,
        _ => new Custom(provider),
    };

    /// <summary>Actors of this process only.</summary>
    public class Local : ProviderSelection
    {
        public static readonly Local Instance = new();

        Local()
            : base("local", "Akka.Actor.LocalActorRefProvider", hasCluster: false)
        {
        }
    }

    /// <summary>Actors of other processes, too.</summary>
    public class Remote : ProviderSelection
    {
        public static readonly Remote Instance = new();

        Remote()
            : base("remote", "Akka.Remote.RemoteActorRefProvider, Akka.Remote", hasCluster: false)
        {
        }
    }

    /// <summary>A member of a cluster.</summary>
    public class Cluster : ProviderSelection
    {
        public static readonly Cluster Instance = new();

        Cluster()
            : base("cluster", "Akka.Cluster.ClusterActorRefProvider, Akka.Cluster", hasCluster: true)
        {
        }
    }

    /// <summary>A class of one's own.</summary>
    public class Custom : ProviderSelection
    {
        public Custom(string fqn, string identifier = "", bool hasCluster = false)
            : base(identifier, fqn, hasCluster)
        {
        }
    }
}
