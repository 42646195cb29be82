using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Event;

/// <summary>The queue of a logger; what is left in it when the logger ends is not a dead letter.</summary>
public interface ILoggerMessageQueueSemantics : ISemantics;

/// <summary>The first message to a logger; it answers with <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger(LoggingBus loggingBus) : INoSerializationVerificationNeeded
{
    public LoggingBus LoggingBus { get; } = loggingBus;
}

/// <summary>From a logger that is ready.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>A logger that is no actor, for the time when there are none.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    public sealed override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems"),
        "/StandardOutLogger");

    public sealed override IActorRefProvider Provider =>
        throw new NotSupportedException("A minimal logger belongs to no actor system.");

    protected sealed override void TellInternal(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        Log(message);
    }

    protected abstract void Log(object message);
}

/// <summary>Writes to the console, a line an event.</summary>
public class StandardOutLogger : MinimalLogger
{
    public static ConsoleColor DebugColor { get; set; } = ConsoleColor.Gray;

    public static ConsoleColor InfoColor { get; set; } = ConsoleColor.White;

    public static ConsoleColor WarningColor { get; set; } = ConsoleColor.Yellow;

    public static ConsoleColor ErrorColor { get; set; } = ConsoleColor.Red;

    public static bool UseColors { get; set; } = true;

    internal static void PrintLogEvent(LogEvent log)
    {
        var text = log.ToString();
        if (!UseColors || Console.IsOutputRedirected)
        {
            Console.WriteLine(text);
            return;
        }

        lock (typeof(StandardOutLogger))
        {
            Console.ForegroundColor = log.LogLevel() switch
            {
                LogLevel.DebugLevel => DebugColor,
                LogLevel.InfoLevel => InfoColor,
                LogLevel.WarningLevel => WarningColor,
                _ => ErrorColor,
            };
            Console.WriteLine(text);
            Console.ResetColor();
        }
    }

    protected override void Log(object message)
    {
        if (message is LogEvent log)
            PrintLogEvent(log);
        else
            Console.WriteLine(message);
    }
}

/// <summary>The logger that writes to the console.</summary>
public class DefaultLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent log:
                Print(log);
                return true;
            default:
                return false;
        }
    }

    protected virtual void Print(LogEvent logEvent) => StandardOutLogger.PrintLogEvent(logEvent);
}
