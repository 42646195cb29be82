using Akka.TestKit.Xunit2.Internals;
using Xunit;
using Xunit.Sdk;

namespace Akka.TestKit.Xunit2;

/// <summary>Failed expectations as xunit's exceptions.</summary>
public class XunitAssertions : ITestKitAssertions
{
    public void Fail(string format = "", params object[] args) => Assert.Fail(Text(format, args));

    public void AssertTrue(bool condition, string format = "", params object[] args)
    {
        if (!condition) Assert.Fail(Text(format, args));
    }

    public void AssertFalse(bool condition, string format = "", params object[] args) =>
        AssertTrue(!condition, format, args);

    public void AssertEqual<T>(T expected, T actual, string format = "", params object[] args) =>
        AssertEqual(expected, actual, DeepEquality.Equal, format, args);

    public void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "",
        params object[] args)
    {
        if (comparer(expected, actual)) return;
        var text = Text(format, args);
        throw EqualException.ForMismatchedValues(expected, actual, text.Length == 0 ? null : text);
    }

    static string Text(string? format, object[] args) =>
        args.Length == 0 ? format ?? "" : string.Format(format ?? "", args);
}
