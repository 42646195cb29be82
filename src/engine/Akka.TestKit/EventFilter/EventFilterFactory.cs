using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Makes filters for log events, for tests that expect some or do not want to see them.</summary>
public class EventFilterFactory
{
    readonly TestKitBase _testKit;
    readonly ActorSystem _system;
    readonly IReadOnlyList<LogFilter> _others;

    public EventFilterFactory(TestKitBase testkit)
        : this(testkit, testkit.Sys)
    {
    }

    public EventFilterFactory(TestKitBase testkit, ActorSystem system)
        : this(testkit, system, [])
    {
    }

    internal EventFilterFactory(TestKitBase testKit, ActorSystem system, IReadOnlyList<LogFilter> others)
    {
        _testKit = testKit;
        _system = system;
        _others = others;
    }

    /// <summary>Errors caused by an exception of that type.</summary>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception => Exception(typeof(TException), pattern, source);

    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null,
        bool checkInnerExceptions = false) =>
        Exceptions(exceptionType, TextFilter.Message(pattern), source, checkInnerExceptions);

    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null,
        string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    public IEventFilterApplier Exception(Type exceptionType, string? message = null, string? start = null,
        string? contains = null, string? source = null, bool checkInnerExceptions = false) =>
        Exceptions(exceptionType, TextFilter.Message(message, start, contains), source, checkInnerExceptions);

    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null,
        string? source = null) => Level<Error>(TextFilter.Message(message, start, contains), source);

    public IEventFilterApplier Error(Regex pattern, string? source = null) =>
        Level<Error>(TextFilter.Message(pattern), source);

    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null,
        string? source = null) => Level<Warning>(TextFilter.Message(message, start, contains), source);

    public IEventFilterApplier Warning(Regex pattern, string? source = null) =>
        Level<Warning>(TextFilter.Message(pattern), source);

    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null,
        string? source = null) => Level<Info>(TextFilter.Message(message, start, contains), source);

    public IEventFilterApplier Info(Regex pattern, string? source = null) =>
        Level<Info>(TextFilter.Message(pattern), source);

    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null,
        string? source = null) => Level<Debug>(TextFilter.Message(message, start, contains), source);

    public IEventFilterApplier Debug(Regex pattern, string? source = null) =>
        Level<Debug>(TextFilter.Message(pattern), source);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, string? message = null, string? start = null,
        string? contains = null, string? source = null) =>
        Level(logLevel, TextFilter.Message(message, start, contains), source);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        Level(logLevel, TextFilter.Message(pattern), source);

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Filter("custom", predicate);

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent =>
        Filter($"custom {typeof(TLogEvent).Name}", logged => logged is TLogEvent typed && predicate(typed));

    /// <summary>Messages whose recipient is gone; <c>source</c> is the recipient's path.</summary>
    public IEventFilterApplier DeadLetter() => DeadLetters(typeof(object), _ => true, null);

    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) =>
        DeadLetters(typeof(TMessage), _ => true, source);

    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        DeadLetters(typeof(TMessage), message => isMatch((TMessage)message), source);

    public IEventFilterApplier DeadLetter(Type type, string? source = null) => DeadLetters(type, _ => true, source);

    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        DeadLetters(type, isMatch, source);

    IEventFilterApplier Level(LogLevel level, TextFilter? message, string? source) => level switch
    {
        LogLevel.DebugLevel => Level<Debug>(message, source),
        LogLevel.InfoLevel => Level<Info>(message, source),
        LogLevel.WarningLevel => Level<Warning>(message, source),
        LogLevel.ErrorLevel => Level<Error>(message, source),
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such log level."),
    };

    IEventFilterApplier Level<TEvent>(TextFilter? message, string? source)
        where TEvent : LogEvent
    {
        var from = TextFilter.Source(source);
        return Filter($"{typeof(TEvent).Name}{message}{from}", logged => logged is TEvent
            && (from is null || from.IsMatch(logged.LogSource))
            && (message is null || message.IsMatch(logged.Message)
                || (logged is Error { Cause: { } cause } && message.IsMatch(cause.Message))));
    }

    IEventFilterApplier Exceptions(Type type, TextFilter? message, string? source, bool checkInnerExceptions)
    {
        var from = TextFilter.Source(source);
        return Filter($"Error caused by {type.Name}{message}{from}", logged => logged is Error error
            && (from is null || from.IsMatch(error.LogSource)) && IsCausedBy(error.Cause, error.Message));

        bool IsCausedBy(Exception? cause, object? text) => cause is not null
            && ((type.IsInstanceOfType(cause)
                    && (message is null || message.IsMatch(text) || message.IsMatch(cause.Message)))
                || (checkInnerExceptions && IsCausedBy(cause.InnerException, text)));
    }

    IEventFilterApplier DeadLetters(Type type, Func<object, bool> isMatch, string? source)
    {
        var recipient = TextFilter.Source(source);
        return Filter($"dead letter of type {type.Name}{recipient}", logged =>
            logged is Warning { Message: DeadLetter letter } && type.IsInstanceOfType(letter.Message)
            && isMatch(letter.Message) && (recipient is null || recipient.IsMatch(logged.LogSource)));
    }

    EventFilterApplier Filter(string description, Predicate<LogEvent> isMatch) =>
        new(_testKit, _system, [.. _others, new LogFilter(description, isMatch)]);
}
