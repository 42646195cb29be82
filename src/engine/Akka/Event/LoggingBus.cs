using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>The event bus that carries the log, and knows the loggers.</summary>
public abstract class LoggingBus : ActorEventBus<object, Type>
{
    static int s_loggerNumber;

    readonly List<IActorRef> _loggers = [];

    /// <summary>Events below this level are not made at all.</summary>
    public LogLevel LogLevel { get; private set; } = LogLevel.WarningLevel;

    MinimalLogger? StdoutLogger { get; set; }

    public virtual void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        foreach (var logger in _loggers.ToArray())
            SubscribeFrom(logLevel, logger);
    }

    /// <summary>Writes to the console until the loggers of the configuration have started.</summary>
    public void StartStdoutLogger(Settings config)
    {
        StdoutLogger = config.StdoutLogger;
        var level = Logging.LogLevelFor(config.StdoutLogLevel);
        LogLevel = level;
        SubscribeFrom(level, StdoutLogger);
    }

    internal void StartDefaultLoggers(ActorSystemImpl system)
    {
        var level = Logging.LogLevelFor(system.Settings.LogLevel);
        foreach (var name in system.Settings.Loggers)
            if (name.Length > 0 && TypeNames.Find(name, "akka.loggers") is var type
                && type != typeof(StandardOutLogger))
                AddLogger(system, type, level);
        LogLevel = level;
        if (StdoutLogger is null)
            return;
        if (system.Settings.Loggers.Any(l => TypeNames.Find(l) == typeof(StandardOutLogger)))
            SubscribeFrom(level, StdoutLogger);
        else
            Unsubscribe(StdoutLogger);
    }

    internal void StopDefaultLoggers(ActorSystemImpl system)
    {
        if (StdoutLogger is not null)
            SubscribeFrom(Logging.LogLevelFor(system.Settings.StdoutLogLevel), StdoutLogger);
        foreach (var logger in _loggers)
        {
            Unsubscribe(logger);
            system.Stop(logger);
        }

        _loggers.Clear();
    }

    void AddLogger(ActorSystemImpl system, Type type, LogLevel level)
    {
        var name = $"log{Interlocked.Increment(ref s_loggerNumber)}-{type.Name}";
        IActorRef logger;
        try
        {
            logger = system.SystemActorOf(Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher), name);
            var started = logger.Ask<object>(new InitializeLogger(this), system.Settings.LoggerStartTimeout);
            if (!system.Settings.LoggerAsyncStart
                && started.GetAwaiter().GetResult() is var answer and not LoggerInitialized)
                throw new LoggerInitializationException($"Logger {name} answered with {answer} instead of "
                    + "LoggerInitialized.");
        }
        catch (Exception e) when (e is not LoggerInitializationException)
        {
            throw new ConfigurationException($"Logger [{type.FullName}], specified in akka.loggers, could not be "
                + $"started: {e.Message}", e);
        }

        _loggers.Add(logger);
        SubscribeFrom(level, logger);
    }

    void SubscribeFrom(LogLevel level, IActorRef logger)
    {
        for (var each = LogLevel.DebugLevel; each <= LogLevel.ErrorLevel; each++)
            if (each >= level)
                Subscribe(logger, Logging.ClassFor(each));
            else
                Unsubscribe(logger, Logging.ClassFor(each));
    }
}
