using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit;

/// <summary>
/// A logger that writes to standard output, except for what the filters of an <see cref="EventFilterFactory"/> pick.
/// </summary>
public class TestEventListener : DefaultLogger
{
    static readonly Type[] Subscriptions = [typeof(Mute), typeof(Unmute), typeof(DeadLetter), typeof(UnhandledMessage)];

    readonly List<IEventFilter> _filters = [];

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                foreach (var type in Subscriptions)
                    initialize.LoggingBus.Subscribe(Self, type);
                return base.Receive(message);
            case Mute mute:
                _filters.AddRange(mute.Filters);
                return true;
            case Unmute unmute:
                foreach (var filter in unmute.Filters) _filters.Remove(filter);
                return true;
            case LogEvent logged:
                if (!IsMuted(logged)) Print(logged);
                return true;
            case DeadLetter { Message: not Terminate } letter:
                var recipient = letter.Recipient;
                if (!IsMuted(new Warning(recipient.Path.ToString(), recipient.GetType(), letter)))
                    Print(new Warning(recipient.Path.ToString(), recipient.GetType(),
                        $"Dead letter from {letter.Sender} to {recipient}: {letter.Message}"));
                return true;
            case DeadLetter:
                return true;
            case UnhandledMessage unhandled:
                var source = unhandled.Recipient.Path.ToString();
                Print(new Debug(source, unhandled.Recipient.GetType(),
                    $"Unhandled message from {unhandled.Sender}: {unhandled.Message}"));
                return true;
            default:
                return base.Receive(message);
        }
    }

    bool IsMuted(LogEvent logged)
    {
        foreach (var filter in _filters)
            if (filter.Apply(logged)) return true;
        return false;
    }
}
