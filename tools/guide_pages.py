"""Chapters of docs/guide as pages that the program serves itself: a small part of Markdown, one block a paragraph.

Headings, paragraphs, numbered and plain lists, pictures on a line of their own, links, bold, code. Anything else
stands as it was written.
"""
import html
import re

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Lantian 蓝天</title>
<link rel="stylesheet" href="guide.css">
</head>
<body>
<header><a href="index.html">使用指南</a> <a href="/">返回</a></header>
<main>
{body}
</main>
</body>
</html>
"""


def inline(text):
    text = html.escape(text, quote=False)
    text = re.sub(r'`([^`]+)`', r'<code>\1</code>', text)
    text = re.sub(r'\*\*([^*]+)\*\*', r'<strong>\1</strong>', text)
    return re.sub(r'\[([^\]]+)\]\(([\w-]+)\.md\)', r'<a href="\2.html">\1</a>', text)


def block(lines):
    first = lines[0]
    heading = re.fullmatch(r'(#{1,3}) (.+)', first)
    if heading:
        level = len(heading[1])
        return f'<h{level}>{inline(heading[2])}</h{level}>'
    picture = re.fullmatch(r'!\[([^\]]+)\]\((pictures/[\w-]+\.webp)\)', first)
    if picture:
        words = html.escape(picture[1])
        return f'<figure><img src="{picture[2]}" alt="{words}" loading="lazy"><figcaption>{words}</figcaption></figure>'
    for mark, tag in ((r'\d+\. ', 'ol'), (r'- ', 'ul')):
        if re.match(mark, first):
            items = ''.join(f'<li>{inline(re.sub(mark, "", line, count=1))}</li>' for line in lines)
            return f'<{tag}>{items}</{tag}>'
    return f'<p>{inline(" ".join(lines))}</p>'


def page(markdown):
    blocks = [part.split('\n') for part in markdown.strip().split('\n\n')]
    return PAGE.format(title=html.escape(blocks[0][0].lstrip('# ')), body='\n'.join(block(lines) for lines in blocks if lines[0]))
