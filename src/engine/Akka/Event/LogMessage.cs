namespace Akka.Event;

/// <summary>Makes a text from a format and its arguments.</summary>
public interface ILogMessageFormatter
{
    string Format(string format, params object[] args);

    string Format(string format, IEnumerable<object> args);
}

/// <summary>Formats as string.Format does.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    DefaultLogMessageFormatter()
    {
    }

    public string Format(string format, params object[] args)
    {
        try
        {
            return string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);
        }
        catch (FormatException)
        {
            // A log line with a faulty format is still worth having.
            return $"{format} [{string.Join(", ", args)}]";
        }
    }

    public string Format(string format, IEnumerable<object> args) => Format(format, args as object[] ?? [.. args]);
}

/// <summary>A format and its arguments; becomes a text only when somebody writes it down.</summary>
public abstract class LogMessage(ILogMessageFormatter formatter, string format)
{
    protected readonly ILogMessageFormatter Formatter = formatter;

    public string Format { get; } = format;

    /// <summary>The arguments alone, in text form.</summary>
    public abstract string Unformatted();

    public abstract IEnumerable<object> Parameters();
}

sealed class ArgumentsLogMessage(ILogMessageFormatter formatter, string format, object[] arguments)
    : LogMessage(formatter, format)
{
    string? _text;

    public override string Unformatted() => string.Join(", ", arguments);

    public override IEnumerable<object> Parameters() => arguments;

    public override string ToString() => _text ??= arguments.Length == 0 ? Format : Formatter.Format(Format, arguments);
}
