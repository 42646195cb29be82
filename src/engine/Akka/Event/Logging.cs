using Akka.Actor;

namespace Akka.Event;

/// <summary>Who a log entry is from.</summary>
public readonly struct LogSource
{
    LogSource(string source, Type type)
    {
        Source = source;
        Type = type;
    }

    public string Source { get; }

    public Type Type { get; }

    public static LogSource Create(object o) => new(Name(o, null), SourceType(o));

    public static LogSource Create(object o, ActorSystem system) => new(Name(o, system), SourceType(o));

    public static LogSource Create(string source, Type t) => new(source, t);

    public static Type SourceType(object o) => o switch
    {
        Type type => type,
        IActorContext context => context.Props.Type,
        IActorRef actor => actor is ActorRefWithCell { Underlying: ActorCell cell } ? cell.Props.Type : actor.GetType(),
        string => typeof(string),
        _ => o.GetType(),
    };

    public static string FromType(Type t, ActorSystem system) => $"{t.Name}({system})";

    public static string FromString(string source, ActorSystem system) => $"{source}({system})";

    public static string FromActor(IActorContext actor, ActorSystem system) => FromActorRef(actor.Self, system);

    // With the address by which others know the system, so that the logs of several nodes can be told apart.
    public static string FromActorRef(IActorRef a, ActorSystem system)
    {
        try
        {
            return a.Path.ToStringWithAddress(((ExtendedActorSystem)system).Provider.DefaultAddress);
        }
        catch (Exception)
        {
            return a.Path.ToString(); // The system is still starting; it has no address yet.
        }
    }

    static string Name(object o, ActorSystem? system) => o switch
    {
        IActorContext context => system is null ? context.Self.Path.ToString() : FromActor(context, system),
        IActorRef actor => system is null ? actor.Path.ToString() : FromActorRef(actor, system),
        string text => system is null ? text : FromString(text, system),
        Type type => system is null ? type.Name : FromType(type, system),
        ActorSystem itself => itself.ToString()!,
        _ => system is null ? o.GetType().Name : FromType(o.GetType(), system),
    };

    public override string ToString() => Source;
}

/// <summary>Access to the log.</summary>
public static class Logging
{
    /// <summary>A logger whose entries bear the actor's path.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context,
        ILogMessageFormatter? logMessageFormatter = null)
    {
        var source = LogSource.Create(context, context.System);
        return new BusLogging(context.System.EventStream, source.Source, source.Type, logMessageFormatter
            ?? context.System.Settings.LogFormatter);
    }

    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj,
        ILogMessageFormatter? logMessageFormatter = null)
    {
        var source = LogSource.Create(logSourceObj, system);
        return new BusLogging(system.EventStream, source.Source, source.Type, logMessageFormatter
            ?? system.Settings.LogFormatter);
    }

    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj,
        ILogMessageFormatter? logMessageFormatter = null)
    {
        var source = LogSource.Create(logSourceObj);
        return new BusLogging(loggingBus, source.Source, source.Type, logMessageFormatter
            ?? DefaultLogMessageFormatter.Instance);
    }

    /// <exception cref="ArgumentException">Not one of DEBUG, INFO, WARNING, ERROR and OFF.</exception>
    public static LogLevel LogLevelFor(string logLevel) => logLevel.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => Off,
        _ => throw new ArgumentException($"Unknown LogLevel: \"{logLevel}\". Valid values are: \"DEBUG\", \"INFO\", "
            + "\"WARNING\", \"ERROR\", \"OFF\"", nameof(logLevel)),
    };

    public static LogLevel LogLevelFor<T>() where T : LogEvent => typeof(T) switch
    {
        var t when t == typeof(Debug) => LogLevel.DebugLevel,
        var t when t == typeof(Info) => LogLevel.InfoLevel,
        var t when t == typeof(Warning) => LogLevel.WarningLevel,
        var t when t == typeof(Error) => LogLevel.ErrorLevel,
        var t => throw new ArgumentException($"{t} is not a class of log events with a level."),
    };

    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentOutOfRangeException(nameof(logLevel)),
    };

    public static string StringFor(this LogLevel logLevel) => Name(logLevel);

    public static string SimpleName(object o) => o.GetType().Name;

    public static string SimpleName(Type t) => t.Name;

    internal static string Name(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => "OFF",
    };

    /// <summary>Above every level that an event can have.</summary>
    internal const LogLevel Off = (LogLevel)int.MaxValue;
}
