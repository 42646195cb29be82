using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What the configuration says about an actor system.</summary>
public class Settings
{
    readonly Config _user;
    Config _fallback;

    public Settings(ActorSystem system, Config config)
        : this(system, config, ActorSystemSetup.Empty)
    {
    }

    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        _user = config;
        _fallback = ConfigurationFactory.Default();
        Setup = setup;
        System = system;
        Config = _user.WithFallback(_fallback);
        ProviderSelectionType = setup.Get<BootstrapSetup>().FlatSelect(b => b.ActorRefProvider)
            .GetOrElse(ProviderSelection.FromConfig(Config.GetString("akka.actor.provider", "")));
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy", "");
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan, allowInfinite: true);
        SerializeAllMessages = Config.GetBoolean("akka.actor.serialize-messages", false);
        LogLevel = Config.GetString("akka.loglevel", "INFO");
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel", "WARNING");
        Loggers = Config.GetStringList("akka.loggers", []);
        LoggersDispatcher = Config.GetString("akka.loggers-dispatcher", Dispatch.Dispatchers.DefaultDispatcherId);
        LoggerStartTimeout = Config.GetTimeSpan("akka.logger-startup-timeout", TimeSpan.FromSeconds(5));
        LoggerAsyncStart = Config.GetBoolean("akka.logger-async-start", false);
        LogFormatter = Formatter();
        StdoutLogger = Stdout();
        LogConfigOnStart = Config.GetBoolean("akka.log-config-on-start", false);
        LogDeadLetters = Config.GetString("akka.log-dead-letters", "10") switch
        {
            "on" or "true" or "yes" => int.MaxValue,
            "off" or "false" or "no" => 0,
            _ => Config.GetInt("akka.log-dead-letters", 10),
        };
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown", false);
        LogDeadLettersSuspendDuration = Config.GetTimeSpan("akka.log-dead-letters-suspend-duration",
            TimeSpan.FromMinutes(5), allowInfinite: true);
        DebugLifecycle = Config.GetBoolean("akka.actor.debug.lifecycle", false);
        DebugEventStream = Config.GetBoolean("akka.actor.debug.event-stream", false);
        SchedulerClass = Config.GetString("akka.scheduler.implementation", "");
        CoordinatedShutdownTerminateActorSystem = Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system",
            true);
        CoordinatedShutdownRunByActorSystemTerminate =
            Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate", true);
        if (CoordinatedShutdownRunByActorSystemTerminate && !CoordinatedShutdownTerminateActorSystem)
            throw new ConfigurationException("akka.coordinated-shutdown.run-by-actor-system-terminate=on and "
                + "akka.coordinated-shutdown.terminate-actor-system=off is not a supported configuration combination.");
    }

    public ActorSystem System { get; }

    public Config Config { get; private set; }

    public ActorSystemSetup Setup { get; }

    public ProviderSelection ProviderSelectionType { get; }

    public string ProviderClass => ProviderSelectionType.Fqn;

    public bool HasCluster => ProviderSelectionType.HasCluster;

    public string SupervisorStrategyClass { get; }

    public TimeSpan AskTimeout { get; }

    /// <summary>
    /// Whether messages are serialised even when they stay in the process, to find those that cannot be.
    /// </summary>
    public bool SerializeAllMessages { get; }

    public string LogLevel { get; }

    public string StdoutLogLevel { get; }

    public IList<string> Loggers { get; }

    public string LoggersDispatcher { get; }

    public TimeSpan LoggerStartTimeout { get; }

    public bool LoggerAsyncStart { get; }

    public ILogMessageFormatter LogFormatter { get; }

    public MinimalLogger StdoutLogger { get; }

    public bool LogConfigOnStart { get; }

    /// <summary>How many dead letters are logged before the log falls silent about them.</summary>
    public int LogDeadLetters { get; }

    public bool LogDeadLettersDuringShutdown { get; }

    public TimeSpan LogDeadLettersSuspendDuration { get; }

    public bool DebugLifecycle { get; }

    public bool DebugEventStream { get; }

    public string SchedulerClass { get; }

    public bool CoordinatedShutdownTerminateActorSystem { get; }

    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>Adds reference configuration, as of an extension, below everything that is there.</summary>
    public void InjectTopLevelFallback(Config config)
    {
        _fallback = config.WithFallback(_fallback);
        Config = _user.WithFallback(_fallback);
        System.Serialization?.Reload();
    }

    public override string ToString() => Config.ToString();

    ILogMessageFormatter Formatter()
    {
        const string use = "akka.logger-formatter";
        var type = TypeNames.Find(Config.GetString(use, typeof(DefaultLogMessageFormatter).FullName!), use);
        return type == typeof(DefaultLogMessageFormatter)
            ? DefaultLogMessageFormatter.Instance
            : TypeNames.Make<ILogMessageFormatter>(type, use);
    }

    MinimalLogger Stdout()
    {
        const string use = "akka.stdout-logger-class";
        var name = Config.GetString(use, "");
        return string.IsNullOrWhiteSpace(name)
            ? new StandardOutLogger() : TypeNames.Make<MinimalLogger>(TypeNames.Find(name, use), use);
    }
}
