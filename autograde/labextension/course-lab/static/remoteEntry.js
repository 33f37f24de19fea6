// What the course adds to a learner's JupyterLab: locked cells that look locked, progress that stays in view, a welcome
// page that is never stale. A prebuilt extension (JupyterLab's own plugin point) written by hand, so that nothing needs a
// build: JupyterLab calls init with its shared modules, then get("./extension") for the plugins.

(window._JUPYTERLAB ??= {})['course-lab'] = (() => {
  const WORDS = {
    en: {
      locked: 'locked',
      why: 'This cell is locked: it is part of the course. To try something, add a cell of your own.',
      points: (have, all) => `${have} of ${all} points`,
      pass: points => `${points} to pass`,
      due: date => `due ${date}`,
      next: name => `next: ${name}`,
      done: 'all public tests pass',
      tip: 'Go to the next exercise. Points are possible, not earned: hidden tests decide after you hand in.',
    },
    zh: {
      locked: '已锁定',
      why: '这个单元格已锁定，它是课程的一部分。想试一试，请添加自己的单元格。',
      points: (have, all) => `${have} / ${all} 分`,
      pass: points => `${points} 分及格`,
      due: date => `${date} 截止`,
      next: name => `下一题：${name}`,
      done: '公开测试全部通过',
      tip: '转到下一道练习。这是可得的分数，提交后由隐藏测试决定。',
    },
  };
  const style = words => `
    .jp-Notebook .jp-Cell.course-locked .jp-InputArea-editor {
      background: transparent; border: 1px dashed var(--jp-border-color1); box-shadow: none; }
    .course-locked .cm-content { caret-color: transparent; }
    .course-locked .jp-InputArea-prompt::after {
      content: '${words.locked}'; display: block; line-height: 1; color: var(--jp-ui-font-color2);
      font: var(--jp-ui-font-size0) var(--jp-ui-font-family); }
    .course-progress { display: flex; align-items: center; gap: 8px; cursor: pointer; padding: 0 8px; height: 100%; }
    .course-progress:empty { display: none; }
    .course-progress:hover { background: var(--jp-layout-color3); }
    .course-progress i { width: 90px; height: 6px; border-radius: 3px; overflow: hidden;
      background: color-mix(in srgb, currentColor 25%, transparent); }
    .course-progress i b { display: block; height: 100%; background: var(--jp-success-color1); }
    .course-welcome .jp-RenderedMarkdown { max-width: 1000px; margin: 0 auto; padding: 16px 32px; }
    .course-welcome .jp-RenderedMarkdown table { width: 100%; table-layout: auto; margin: 1.5em 0; font-size: var(--jp-content-font-size1); }
    .course-welcome .jp-RenderedMarkdown :is(th, td) { text-align: left; padding: 8px; white-space: nowrap; }
    .course-welcome .jp-RenderedMarkdown td:first-child { white-space: normal; min-width: 240px; }
    .course-welcome .jp-RenderedMarkdown td:last-child { color: var(--jp-success-color1); letter-spacing: -1px; }
    .course-welcome .jp-RenderedMarkdown h1 + p a { display: inline-block; padding: 8px 18px; border-radius: 4px;
      background: var(--jp-brand-color1); color: var(--jp-ui-inverse-font-color1); text-decoration: none; }
  `;
  const WELCOME = 'welcome.md';
  const EVERY = 1500; // milliseconds between two looks at the welcome page's file while it is shown
  let shared;

  async function load(name) {
    const versions = Object.values(shared[name]);
    return (await (versions.find(version => version.loaded) ?? versions[0]).get())();
  }

  const known = cell => cell.getMetadata('nbgrader') ?? {};
  const isLocked = cell => cell?.model.getMetadata('editable') === false && Boolean(known(cell.model).locked);

  /** The exercises of a notebook as course/progress.py counts them: each with its cell's place and its public tests. */
  function exercises(model) {
    const found = [];
    let answered = null; // when the last answer was run
    Array.from(model.cells).forEach((cell, place) => {
      const { solution, grade, grade_id: id, points } = known(cell);
      if (solution && !grade) {
        found.push({ id, place, tests: [] });
        answered = cell.executionCount;
      } else if (grade && !solution && found.length) {
        found.at(-1).tests.push({ points: points ?? 0, state: stateOf(cell, answered) });
      }
    });
    return found.filter(exercise => exercise.tests.length);
  }

  function stateOf(test, answered) {
    const ran = test.executionCount;
    if (ran == null || (answered != null && answered > ran)) return 'open';
    for (const output of test.outputs?.toJSON() ?? []) {
      if (output.output_type === 'error') return output.ename === 'NotImplementedError' ? 'open' : 'failed';
      if (output.metadata?.course?.state) return output.metadata.course.state;
    }
    return 'passed';
  }

  async function plugins() {
    const [notebook, statusbar, markdown, coreutils, apputils, lumino] = await Promise.all(
      ['notebook', 'statusbar', 'markdownviewer', 'coreutils', 'apputils']
        .map(name => load(`@jupyterlab/${name}`))
        .concat(load('@lumino/widgets'))
    );
    const { INotebookTracker, NotebookActions } = notebook;
    const { IStatusBar } = statusbar;
    const { IMarkdownViewerTracker } = markdown;
    const { PageConfig } = coreutils;
    const { Notification } = apputils;
    const { Widget } = lumino;
    const option = PageConfig.getOption('course');
    const course = option ? JSON.parse(option) : {};
    const words = WORDS[course.lang] ?? WORDS.en;
    document.head.append(Object.assign(document.createElement('style'), { textContent: style(words) }));

    const locked = {
      id: 'course-lab:locked',
      autoStart: true,
      requires: [INotebookTracker],
      activate: (app, notebooks) => {
        const mark = panel => {
          for (const cell of panel.content.widgets) {
            cell.node.classList.toggle('course-locked', isLocked(cell));
          }
        };
        let said = '';
        const typed = (panel, event) => {
          const writes = event.key.length === 1 ? !(event.ctrlKey || event.metaKey) : /^(Backspace|Delete)$/.test(event.key);
          if (!writes || !event.target.closest?.('.cm-content') || !isLocked(panel.content.activeCell)) return;
          Notification.dismiss(said);
          said = Notification.info(words.why, { autoClose: 4000 });
        };
        notebooks.widgetAdded.connect((_, panel) =>
          panel.context.ready.then(() => {
            mark(panel);
            panel.content.modelContentChanged.connect(() => mark(panel));
            panel.content.node.addEventListener('keydown', event => typed(panel, event), true);
          })
        );
      },
    };

    const progress = {
      id: 'course-lab:progress',
      autoStart: true,
      requires: [INotebookTracker, IStatusBar],
      activate: (app, notebooks, bar) => {
        const item = new Widget({ node: document.createElement('div') });
        item.addClass('course-progress');
        item.title.caption = item.node.title = words.tip;
        let waiting = 0;
        const draw = () => {
          waiting = 0;
          const panel = notebooks.currentWidget;
          const found = panel?.model && panel.isVisible ? exercises(panel.model) : [];
          item.node.replaceChildren();
          if (!found.length) return;
          const tests = found.flatMap(exercise => exercise.tests);
          const sum = some => some.reduce((total, test) => total + test.points, 0);
          const all = sum(tests);
          const have = sum(tests.filter(test => test.state === 'passed'));
          const next = found.find(exercise => exercise.tests.some(test => test.state !== 'passed'));
          const chapter = course.chapters?.[panel.context.path.split('/').pop().replace(/\.ipynb$/, '')] ?? {};
          const parts = [words.points(have, all)];
          if (chapter.pass) parts.push(words.pass(Math.ceil(chapter.pass * all * 10) / 10));
          if (chapter.due) parts.push(words.due(chapter.due));
          parts.push(next ? words.next(next.id) : words.done);
          const line = document.createElement('i');
          const part = document.createElement('b');
          part.style.width = `${all ? (100 * have) / all : 0}%`;
          line.append(part);
          item.node.append(line, parts.join(' · '));
          item.node.onclick = () => {
            if (!next) return;
            panel.content.activeCellIndex = next.place;
            panel.content.scrollToItem(next.place, 'start');
          };
        };
        const soon = () => (waiting ||= setTimeout(draw, 200));
        notebooks.widgetAdded.connect((_, panel) =>
          panel.context.ready.then(() => {
            soon();
            panel.content.modelContentChanged.connect(soon);
          })
        );
        notebooks.currentChanged.connect(soon);
        NotebookActions.executed.connect(soon);
        app.shell.currentChanged?.connect(soon);
        bar.registerStatusItem('course-lab:progress', { item, align: 'left', rank: 10 });
      },
    };

    const welcome = {
      id: 'course-lab:welcome',
      autoStart: true,
      requires: [IMarkdownViewerTracker],
      activate: (app, viewers) => {
        const look = async () => {
          const page = viewers.find(viewer => viewer.context.path === WELCOME);
          if (!page?.isVisible || !page.context.isReady || page.context.model.dirty) return;
          const { last_modified: now } = await app.serviceManager.contents.get(WELCOME, { content: false });
          if (now !== page.context.contentsModel?.last_modified) await page.context.revert();
        };
        viewers.widgetAdded.connect((_, viewer) => {
          if (viewer.context.path === WELCOME) viewer.addClass('course-welcome');
        });
        const again = () => setTimeout(() => look().catch(() => {}).finally(again), EVERY); // the server may be away
        again();
      },
    };
    return [locked, progress, welcome];
  }

  return {
    init: scope => {
      shared = scope;
    },
    get: async () => {
      const found = await plugins();
      return () => ({ __esModule: true, default: found });
    },
  };
})();
