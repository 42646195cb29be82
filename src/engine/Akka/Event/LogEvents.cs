using Akka.Actor;

namespace Akka.Event;

/// <summary>One entry of the log.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    protected LogEvent()
    {
        Timestamp = DateTime.UtcNow;
        Thread = Thread.CurrentThread;
    }

    public Exception? Cause { get; protected set; }

    public DateTime Timestamp { get; private set; }

    public Thread Thread { get; private set; }

    public string LogSource { get; protected set; } = "";

    public Type LogClass { get; protected set; } = typeof(LogEvent);

    /// <summary>A text, or a <see cref="LogMessage"/> that becomes one.</summary>
    public object Message { get; protected set; } = "";

    public abstract LogLevel LogLevel();

    public override string ToString()
    {
        var level = Logging.Name(LogLevel());
        return $"[{level}][{Timestamp:yyyy-MM-ddTHH:mm:ss.fffffffK}][Thread "
            + $"{Thread.ManagedThreadId:0000}][{LogSource}] {Message}"
            + (Cause is null ? "" : Environment.NewLine + "Cause: " + Cause);
    }

    private protected void Fill(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }
}

/// <summary>An entry for developers.</summary>
public class Debug : LogEvent
{
    public Debug(string logSource, Type logClass, object message) => Fill(null, logSource, logClass, message);

    public Debug(Exception? cause, string logSource, Type logClass, object message) =>
        Fill(cause, logSource, logClass, message);

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>An entry about the normal course of things.</summary>
public class Info : LogEvent
{
    public Info(string logSource, Type logClass, object message) => Fill(null, logSource, logClass, message);

    public Info(Exception? cause, string logSource, Type logClass, object message) =>
        Fill(cause, logSource, logClass, message);

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>An entry about something that may be wrong.</summary>
public class Warning : LogEvent
{
    public Warning(string logSource, Type logClass, object message) => Fill(null, logSource, logClass, message);

    public Warning(Exception? cause, string logSource, Type logClass, object message) =>
        Fill(cause, logSource, logClass, message);

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>An entry about something that went wrong.</summary>
public class Error : LogEvent
{
    public Error(Exception? cause, string logSource, Type logClass, object message) =>
        Fill(cause, logSource, logClass, message);

    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
