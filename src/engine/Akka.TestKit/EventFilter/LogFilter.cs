using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>A predicate on log events, with a count of those it held for while somebody counts.</summary>
sealed class LogFilter(string description, Predicate<LogEvent> isMatch) : IEventFilter
{
    public event Action? Matched;

    public bool Apply(LogEvent logEvent)
    {
        if (!isMatch(logEvent)) return false;
        Matched?.Invoke();
        return true;
    }

    public override string ToString() => description;
}

/// <summary>A predicate on texts: that of a log event, or the name of its source.</summary>
sealed class TextFilter(string description, Predicate<string> isMatch)
{
    public bool IsMatch(object? text) => isMatch(text?.ToString() ?? "null");

    public override string ToString() => description;

    public static TextFilter? Message(string? message, string? start, string? contains) =>
        message is not null
            ? new TextFilter($" with text \"{message}\"", text => text == message)
            : start is not null
                ? new TextFilter($" starting with \"{start}\"", t => t.StartsWith(start, StringComparison.Ordinal))
                : contains is not null
                    ? new TextFilter($" containing \"{contains}\"", text => text.Contains(contains))
                    : null;

    public static TextFilter Message(Regex pattern) => new($" matching \"{pattern}\"", pattern.IsMatch);

    /// <summary>A source by its name, or an actor by its path with or without the address.</summary>
    public static TextFilter? Source(string? source)
    {
        return source is null ? null : new TextFilter($" from {source}", IsSource);

        bool IsSource(string text) => string.Equals(text, source, StringComparison.OrdinalIgnoreCase)
            || (ActorPath.TryParse(text, out var path)
                && string.Equals(path.ToStringWithoutAddress(), source, StringComparison.OrdinalIgnoreCase));
    }
}
